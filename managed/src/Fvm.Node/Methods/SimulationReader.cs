namespace Fvm.Node;

/// <summary>Reads simulations from parameters.</summary>
/// <param name="chainId">The chain ID, which calls may name.</param>
internal sealed class SimulationReader(ulong chainId)
{
    // Why a member of blockOverrides is refused. A zero of the first kind says no more than what is so.
    private const string NoBlobs = "Filecoin has no blobs";
    private const string NoRandao = "block.prevrandao is the hash of an entry of the beacon, and no entry with a chosen hash can be made";
    private const string NoWithdrawals = "Filecoin has no withdrawals";
    private const string NoHashes = "the hashes of blocks are those of Filecoin's tipsets, which cannot be chosen";
    private const string NoDifficulty = "Filecoin has no difficulty";
    private const string NoRoot = "Filecoin has no beacon chain of Ethereum";

    private int _calls;

    /// <summary>A simulation.</summary>
    /// <exception cref="RpcException">It is malformed, or too large.</exception>
    public SimulationRequest Read(RpcValue value)
    {
        RpcValue[] blocks = ItemsOf(value["blockStateCalls"], SimulationRequest.MaxBlocks, "blocks");
        return blocks.Length > 0
            ? new SimulationRequest([.. blocks.Select(ReadBlock)], FlagOf(value["traceTransfers"]), FlagOf(value["validation"]))
            : throw value["blockStateCalls"].Expected("at least one block");
    }

    /// <summary>True or false; false if it is missing.</summary>
    public static bool FlagOf(RpcValue value) => !value.IsMissing && value.Bool();

    private BlockToSimulate ReadBlock(RpcValue value)
    {
        RpcValue calls = value["calls"];
        BlockToSimulate block = ReadBlockOverrides(value["blockOverrides"]) with
        {
            Overrides = CallReader.ReadOverrides(value["stateOverrides"]),
            Calls = calls.IsMissing ? [] : [.. ItemsOf(calls, SimulationRequest.MaxCalls - _calls, "calls").Select(ReadCall)],
        };
        _calls += block.Calls.Count;
        return block;
    }

    private CallRequest ReadCall(RpcValue value)
    {
        CallRequest call = CallReader.Read(value);
        if (value["chainId"] is { IsMissing: false } named && named.Number() != chainId)
        {
            throw named.Expected($"the chain ID {chainId}");
        }

        return call.GasPrice is null || (call.MaxFeePerGas is null && call.MaxPriorityFeePerGas is null)
            ? call
            : throw RpcException.InvalidParams($"{value.Place}: has both gasPrice and maxFeePerGas or maxPriorityFeePerGas: give one kind of price");
    }

    // By the names of execution-apis, and those of Foundry's client.
    private static BlockToSimulate ReadBlockOverrides(RpcValue value)
    {
        BlockToSimulate block = new();
        foreach ((string name, RpcValue member) in value.IsMissing ? [] : value.Members())
        {
            if (!member.IsMissing)
            {
                block = With(block, name, member);
            }
        }

        return block;
    }

    private static BlockToSimulate With(BlockToSimulate block, string name, RpcValue member) => name switch
    {
        "number" => block with { Number = member.Number() },
        "time" => block with { Timestamp = member.Number() },
        "gasLimit" => block with { GasLimit = member.Number() },
        "baseFeePerGas" or "baseFee" => block with { BaseFee = member.Amount() },
        "feeRecipient" or "coinbase" => member.EthAddress() is { IsZero: false } miner ? block with { Miner = miner.ToFilecoin() } : block,
        "blobBaseFee" => member.BigNumber().IsZero ? block : throw Refused(member, NoBlobs),
        "withdrawals" => member.IsArray && member.Element.GetArrayLength() == 0 ? block : throw Refused(member, NoWithdrawals),
        "difficulty" => member.BigNumber().IsZero ? block : throw Refused(member, NoDifficulty),
        "prevRandao" or "random" => throw Refused(member, NoRandao),
        "beaconRoot" => throw Refused(member, NoRoot),
        "blockHash" => throw Refused(member, NoHashes),
        _ => throw Refused(member, "known are number, time, gasLimit, baseFeePerGas and feeRecipient"),
    };

    private static RpcValue[] ItemsOf(RpcValue value, int most, string what)
    {
        // Before an array of all is made.
        if (value.IsArray && value.Element.GetArrayLength() is int count && count > most)
        {
            throw new RpcException(RpcErrorCode.SimulationTooLarge, $"too many {what}: {value.Place} has {count}, at most {most} are possible");
        }

        return value.Items(most);
    }

    private static RpcException Refused(RpcValue member, string reason) =>
        RpcException.InvalidParams($"{member.Place} cannot be overridden: {reason}");
}
