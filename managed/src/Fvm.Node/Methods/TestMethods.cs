
namespace Fvm.Node;

/// <summary>
/// The methods for tests of contracts, as anvil has them: <c>anvil_*</c>, their names of Hardhat (<c>hardhat_*</c>) and of Ganache
/// (<c>evm_*</c>).
/// </summary>
/// <param name="chain">The chain.</param>
internal sealed partial class TestMethods(LocalChain chain)
{
    private const ulong MaxInterval = 1_000_000;

    private readonly string _instance = new EthHash(Crypto.Keccak256.Hash(Guid.NewGuid().ToByteArray())).ToString();

    /// <summary>Adds all methods.</summary>
    public void AddTo(RpcRegistry registry)
    {
        registry.ErrorOf = CallErrors.Of;
        AddMining(registry);
        AddTime(registry);
        AddHistory(registry);
        AddState(registry);
        AddPool(registry);
        AddNode(registry);
        AddBlocks(registry);
        AddRefusals(registry);
    }

    private static string[] Both(string name) => [$"anvil_{name}", $"hardhat_{name}"];

    private static string[] All(string name) => [$"anvil_{name}", $"hardhat_{name}", $"evm_{name}"];

    private static void Add(RpcRegistry registry, ReadOnlySpan<string> names, Func<RpcCall, Task> handler)
    {
        foreach (string name in names)
        {
            registry.AddAsync(name, call => new ValueTask(handler(call)));
        }
    }

    private static void Add(RpcRegistry registry, ReadOnlySpan<string> names, Action<RpcCall> handler) => Add(registry, names, call =>
    {
        handler(call);
        return Task.CompletedTask;
    });

    private static ulong? Optional(RpcValue value) => value.IsMissing ? null : value.Number();

    private void AddMining(RpcRegistry registry)
    {
        Add(registry, Both("mine"), call => chain.MineAsync(
            Optional(call.Parameters[0, "blocks"]) ?? 1, Optional(call.Parameters[1, "interval"]), call.Cancellation));
        Add(registry, ["evm_mine"], MineAsync);
        Add(registry, ["fvm_advanceTo"], async call =>
            call.Result.WriteQuantity((await chain.AdvanceToAsync(call.Parameters[0, "epoch"].Number(), call.Cancellation)).Number));
        Add(registry, ["anvil_getAutomine", "hardhat_getAutomine"], call => call.Result.WriteBooleanValue(chain.Mode == MiningMode.Automatic));
        Add(registry, ["evm_setAutomine", "anvil_setAutomine"], call =>
            chain.SetMiningAsync(call.Parameters[0, "enabled"].Bool() ? MiningMode.Automatic : MiningMode.Manual));
        Add(registry, ["evm_setIntervalMining", "anvil_setIntervalMining"], call =>
        {
            RpcValue value = call.Parameters[0, "seconds"];
            ulong seconds = value.Number();
            return seconds switch
            {
                0 => chain.SetMiningAsync(MiningMode.Manual),
                <= MaxInterval => chain.SetMiningAsync(MiningMode.Interval, TimeSpan.FromSeconds(seconds)),
                _ => throw value.Expected($"at most {MaxInterval} seconds"),
            };
        });
        Add(registry, ["anvil_getIntervalMining"], call =>
        {
            if (chain.Mode == MiningMode.Interval)
            {
                call.Result.WriteNumberValue((ulong)chain.Interval.TotalSeconds);
            }
        });
    }

    private async Task MineAsync(RpcCall call)
    {
        RpcValue value = call.Parameters[0, "timestamp"];
        ulong? time = value.IsObject ? Optional(value["timestamp"]) : Optional(value);
        ulong count = (value.IsObject ? Optional(value["blocks"]) : null) ?? 1;
        if (time is ulong seconds)
        {
            await chain.SetNextTimestampAsync(seconds);
        }

        _ = await chain.MineAsync(count, stop: call.Cancellation);
        call.Result.WriteStringValue("0x0");
    }

    private void AddTime(RpcRegistry registry)
    {
        Add(registry, ["evm_increaseTime", "anvil_increaseTime"], async call =>
            call.Result.WriteNumberValue(await chain.IncreaseTimeAsync(call.Parameters[0, "seconds"].Number())));
        Add(registry, ["evm_setNextBlockTimestamp", "anvil_setNextBlockTimestamp"], call =>
            chain.SetNextTimestampAsync(call.Parameters[0, "timestamp"].Number()));
        Add(registry, ["evm_setTime", "anvil_setTime"], async call =>
            call.Result.WriteNumberValue(await chain.SetTimeAsync(call.Parameters[0, "timestamp"].Number())));
        Add(registry, All("setBlockTimestampInterval"), call => chain.SetTimestampIntervalAsync(call.Parameters[0, "seconds"].Number()));
        Add(registry, All("removeBlockTimestampInterval"), async call =>
        {
            await chain.SetTimestampIntervalAsync(null);
            call.Result.WriteBooleanValue(true);
        });
        Add(registry, Both("setNextBlockBaseFeePerGas"), call =>
            chain.SetNextBaseFeeAsync(call.Parameters[0, "base fee"].Amount()));
    }

    private void AddHistory(RpcRegistry registry)
    {
        Add(registry, ["evm_snapshot", "anvil_snapshot"], async call => call.Result.WriteQuantity(await chain.SnapshotAsync()));
        Add(registry, ["evm_revert", "anvil_revert"], async call =>
            call.Result.WriteBooleanValue(await chain.RevertAsync(call.Parameters[0, "snapshot"].Number())));
        Add(registry, ["anvil_rollback"], call => chain.RollbackAsync(Optional(call.Parameters[0, "depth"]) ?? 1));
        Add(registry, Both("reset"), ResetAsync);
    }

    // Another fork is another chain, with other caches and perhaps another network.
    private void RequireSameFork(RpcValue forking)
    {
        if (chain.Upstream is not UpstreamChain upstream)
        {
            throw RpcException.InvalidParams("this node is no fork: start it with --fork-url, or reset it without forking");
        }

        RpcValue url = forking["jsonRpcUrl"];
        RpcValue number = forking["blockNumber"];
        if ((!url.IsMissing && UpstreamMethods.EndpointIn(url).Name != upstream.Name)
            || (!number.IsMissing && number.Number() != upstream.Fork.Number))
        {
            throw RpcException.InvalidParams(
                $"this node forks off {upstream.Name} at block {upstream.Fork.Number}: start another one for another fork");
        }
    }

    private Task ResetAsync(RpcCall call)
    {
        RpcValue options = call.Parameters[0, "options"];
        if (!options.IsMissing && !options["forking"].IsMissing)
        {
            RequireSameFork(options["forking"]);
        }

        return chain.ResetAsync();
    }
}
