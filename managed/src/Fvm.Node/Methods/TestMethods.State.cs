using System.Text.Json;
using Fvm.Tracing;

namespace Fvm.Node;

/// <content>Changes of accounts and of the pool, facts about the node, and what is refused.</content>
internal sealed partial class TestMethods
{
    // The EVM level of the builtin actors, by the name that tools know.
    private const string HardFork = "cancun";

    private void AddState(RpcRegistry registry)
    {
        Add(registry, Both("setBalance"), call => chain.SetBalanceAsync(AddressIn(call), call.Parameters[1, "balance"].Amount()));
        Add(registry, ["anvil_addBalance"], call =>
        {
            EthAddress address = AddressIn(call);
            TokenAmount balance = chain.StateOf(chain.Head).BalanceOf(address);
            return chain.SetBalanceAsync(address, balance + call.Parameters[1, "amount"].Amount());
        });
        Add(registry, Both("setNonce"), call => chain.SetNonceAsync(AddressIn(call), call.Parameters[1, "nonce"].Number()));
        Add(registry, Both("setCode"), call => chain.SetCodeAsync(AddressIn(call), call.Parameters[1, "code"].Bytes()));
        Add(registry, Both("setStorageAt"), async call =>
        {
            await chain.SetStorageAsync(AddressIn(call), call.Parameters[1, "slot"].Word(), call.Parameters[2, "value"].Word());
            call.Result.WriteBooleanValue(true);
        });
        Add(registry, Both("dumpState"), async call =>
        {
            using MemoryStream copy = new();
            await chain.WriteCopyAsync(copy, LocalChain.MaxCopyBytes);
            call.Result.WriteData(copy.GetBuffer().AsSpan(0, (int)copy.Length));
        });
        Add(registry, Both("loadState"), async call =>
        {
            using MemoryStream copy = new(call.Parameters[0, "state"].Bytes());
            await chain.LoadCopyAsync(copy, LocalChain.MaxCopyBytes);
            call.Result.WriteBooleanValue(true);
        });
        Add(registry, Both("impersonateAccount"), call => chain.Impersonate(AddressIn(call)));
        Add(registry, Both("stopImpersonatingAccount"), call => _ = chain.StopImpersonating(AddressIn(call)));
        Add(registry, Both("autoImpersonateAccount"), call => chain.ImpersonatesAll = call.Parameters[0, "enabled"].Bool());
    }

    private void AddPool(RpcRegistry registry)
    {
        Add(registry, ["anvil_dropTransaction"], async call =>
        {
            if (await DropAsync(call))
            {
                call.Result.WriteHash(call.Parameters[0, "hash"].Hash());
            }
        });
        // Hardhat 3 takes nothing but a boolean.
        Add(registry, ["hardhat_dropTransaction"], async call => call.Result.WriteBooleanValue(await DropAsync(call)));
        Add(registry, Both("dropAllTransactions"), _ => DropAsync(static _ => true));
        Add(registry, Both("removePoolTransactions"), call =>
        {
            Address sender = AddressIn(call).ToFilecoin();
            return DropAsync(message => message.From == sender);
        });
    }

    private void AddNode(RpcRegistry registry)
    {
        // The node prints no requests, so that there is nothing to turn off.
        Add(registry, Both("setLoggingEnabled"), call => _ = call.Parameters[0, "enabled"].Bool());
        Add(registry, ["anvil_nodeInfo"], call => WriteNodeInfo(call.Result, chain.Head));
        Add(registry, ["anvil_metadata"], call => WriteMetadata(call.Result, chain.Head));
    }

    private void AddRefusals(RpcRegistry registry)
    {
        // Hardhat 2 signs with a gas limit of Ethereum if it gets an answer.
        registry.Refuse("hardhat_metadata", "tools would choose gas limits of Ethereum; anvil_metadata has the same facts");
        Refuse(Both("setMinGasPrice"), "the least base fee is 100 attoFIL by the protocol");
        Refuse(Both("setPrevRandao"), "block.prevrandao is the hash of an entry of the beacon, and no entry with a chosen hash can be made");
        Refuse(["wallet_sendTransaction"], "use eth_sendTransaction");

        void Refuse(ReadOnlySpan<string> names, string reason)
        {
            foreach (string name in names)
            {
                registry.Refuse(name, reason);
            }
        }
    }

    private static EthAddress AddressIn(RpcCall call) => call.Parameters[0, "address"].EthAddress();

    private Task<bool> DropAsync(RpcCall call)
    {
        EthHash hash = call.Parameters[0, "hash"].Hash();
        return chain.WriteAsync(() => chain.Pool.Remove(hash));
    }

    private Task DropAsync(Func<PoolMessage, bool> isDropped) => chain.WriteAsync(() =>
    {
        foreach (PoolMessage message in chain.Pool.All().Where(isDropped))
        {
            _ = chain.Pool.Remove(message.Hash);
        }

        return true;
    });

    private void WriteNodeInfo(Utf8JsonWriter json, LocalBlock head)
    {
        json.WriteStartObject();
        json.WriteQuantity("currentBlockNumber", head.Number);
        json.WriteNumber("currentBlockTimestamp", head.Timestamp);
        json.WriteHash("currentBlockHash", head.Hash);
        json.WriteString("hardFork", HardFork);
        json.WriteString("transactionOrder", "fees");
        json.WriteStartObject("environment");
        json.WriteQuantity("baseFee", chain.NextBaseFee);
        json.WriteNumber("chainId", chain.ChainId);
        json.WriteQuantity("gasLimit", LocalChain.BlockGasLimit);
        json.WriteQuantity("gasPrice", chain.NextBaseFee);
        json.WriteEndObject();
        json.WriteStartObject("forkConfig");
        json.WriteString("forkUrl", chain.Upstream?.Name);
        if (chain.Upstream is UpstreamChain upstream)
        {
            json.WriteNumber("forkBlockNumber", upstream.Fork.Number);
        }
        else
        {
            json.WriteNull("forkBlockNumber");
        }

        json.WriteNull("forkRetryBackoff");
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private void WriteMetadata(Utf8JsonWriter json, LocalBlock head)
    {
        json.WriteStartObject();
        json.WriteString("clientVersion", $"anvil/fvm-{BuildVersion.Text}");
        json.WriteNumber("chainId", chain.ChainId);
        json.WriteString("instanceId", _instance);
        json.WriteNumber("latestBlockNumber", head.Number);
        json.WriteHash("latestBlockHash", head.Hash);
        json.WriteStartObject("snapshots");
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
