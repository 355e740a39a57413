using Fvm.Ipld;

namespace Fvm.Chain;

/// <summary>The messages that a node sends itself while it executes a tipset.</summary>
internal static class SystemMessages
{
    // Lotus: "super sure this is never too little".
    private const ulong CronGasLimit = 10_000_000_000UL * 10_000;
    private const ulong RewardGasLimit = 1 << 30;
    private const ulong EpochTick = 2;
    private const ulong AwardBlockReward = 2;

    /// <summary>The tick of cron at the end of an epoch.</summary>
    public static Message Cron(ChainEpoch epoch) => Create(ActorId.Cron, epoch, EpochTick, CronGasLimit, default);

    /// <summary>The reward of a block.</summary>
    /// <param name="epoch">The epoch.</param>
    /// <param name="block">The block.</param>
    /// <param name="penalty">The miner's penalty for the block's messages.</param>
    /// <param name="tips">The tips of the block's messages.</param>
    /// <exception cref="ChainException">The block was not elected.</exception>
    public static Message Reward(ChainEpoch epoch, BlockHeader block, TokenAmount penalty, TokenAmount tips)
    {
        ElectionProof election = block.Election ?? throw new ChainException($"the block {block.ToCid()} of epoch {epoch} has no election proof");
        CborWriter writer = new();
        writer.WriteArrayHeader(4);
        ChainCbor.WriteAddress(writer, block.Miner);
        ChainCbor.WriteAmount(writer, penalty);
        ChainCbor.WriteAmount(writer, tips);
        writer.WriteInt(election.WinCount);
        return Create(ActorId.Reward, epoch, AwardBlockReward, RewardGasLimit, writer.ToArray());
    }

    private static Message Create(ActorId receiver, ChainEpoch epoch, ulong method, ulong gasLimit, ReadOnlyMemory<byte> parameters) => new()
    {
        From = Address.NewId(ActorId.System),
        To = Address.NewId(receiver),
        Sequence = (ulong)epoch.Value,
        Method = new MethodNumber(method),
        GasLimit = gasLimit,
        Params = parameters,
    };
}
