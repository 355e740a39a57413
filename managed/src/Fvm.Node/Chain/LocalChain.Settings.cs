using Fvm.Tracing;

namespace Fvm.Node;

/// <content>What is settled about all blocks to come.</content>
internal sealed partial class LocalChain
{
    /// <summary>The sum of the gas limits of a block's messages at most; a single one may have <see cref="BlockGasLimit"/>.</summary>
    public ulong GasPerBlock { get; private set; } = BlockGasLimit;

    /// <summary>The miner of the blocks.</summary>
    public Address Miner { get; private set; }

    /// <summary>Sets how much gas goes into a block.</summary>
    /// <exception cref="RefusedException">It is more than the protocol allows, or none.</exception>
    public Task SetGasPerBlockAsync(ulong gas) => WriteAsync(() => GasPerBlock = gas is > 0 and <= BlockGasLimit
        ? gas
        : throw new RefusedException($"a block gas limit of {gas}: by the protocol it is at most {BlockGasLimit}"));

    /// <summary>Sets the miner of the blocks.</summary>
    /// <exception cref="RefusedException">It is no miner.</exception>
    public Task SetMinerAsync(Address address) => WriteAsync(() =>
    {
        StateView state = OpenState(Head.State);
        Miner = state.Tree.LookupId(address) is ActorId id && state.Tree.GetActor(id) is ActorState actor
            && state.IsMiner(actor)
                ? Address.NewId(id)
                : throw NoMiner(address);
        return true;
    });

    private RefusedException NoMiner(in Address address) => new(
        $"{(EthAddress.TryOf(address, out EthAddress ethereum) ? $"{ethereum}" : $"{address}")} is no miner, which the coinbase of a block is on "
        + $"Filecoin, such as {Miner}, {EthAddress.Find(Miner, OpenState(Head.State).Tree)}; block.coinbase is zero in contracts");
}
