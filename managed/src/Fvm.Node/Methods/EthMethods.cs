using System.Text.Json;
using Fvm.Tracing;

namespace Fvm.Node;

/// <summary>The methods <c>eth_*</c>, <c>net_*</c> and <c>web3_*</c>, but for filters and subscriptions.</summary>
/// <param name="chain">The chain.</param>
/// <param name="wallet">The test accounts.</param>
/// <param name="lenient">Raises gas limits; null if they count as they are.</param>
internal sealed partial class EthMethods(LocalChain chain, Wallet wallet, LenientGas? lenient = null)
{
    private readonly BlockLookup _lookup = new(chain);
    private readonly FeeAdvice _fees = new(chain);
    private readonly TransactionDrafts _drafts = new(chain);

    /// <summary>Adds all methods.</summary>
    public void AddTo(RpcRegistry registry)
    {
        registry.ErrorOf = CallErrors.Of;
        AddNode(registry);
        AddBlocks(registry);
        AddStates(registry);
        AddSending(registry);
        registry.Refuse("eth_blobBaseFee", "Filecoin has no blobs");
        registry.Refuse("eth_createAccessList", "Filecoin has no access lists; leave accessList empty");
        registry.Refuse("eth_getProof", "Filecoin's state is no Merkle Patricia trie");
    }

    private void AddNode(RpcRegistry registry)
    {
        // OpenZeppelin's and Hardhat's plug-ins take only clients of this name for a network of tests.
        registry.Add("web3_clientVersion", static call => call.Result.WriteStringValue($"anvil/fvm-{BuildVersion.Text}"));
        registry.Add("web3_sha3", static call => call.Result.WriteData(Crypto.Keccak256.Hash(call.Parameters[0, "data"].Bytes())));
        registry.Add("net_version", call => call.Result.WriteStringValue($"{chain.ChainId}"));
        registry.Add("net_listening", static call => call.Result.WriteBooleanValue(true));
        registry.Add("net_peerCount", static call => call.Result.WriteQuantity(0UL));
        registry.Add("eth_chainId", call => call.Result.WriteQuantity(chain.ChainId));
        registry.Add("eth_protocolVersion", call => call.Result.WriteQuantity((ulong)chain.Version));
        registry.Add("eth_syncing", static call => call.Result.WriteBooleanValue(false));
        registry.Add("eth_blockNumber", call => call.Result.WriteQuantity(chain.Head.Number));
        registry.Add("eth_accounts", call => WriteList(call.Result, wallet.Addresses, static (json, address) => json.WriteAddress(address)));
        registry.Add("eth_gasPrice", call => call.Result.WriteQuantity(_fees.Price().Atto));
        registry.Add("eth_maxPriorityFeePerGas", call => call.Result.WriteQuantity(_fees.Premium().Atto));
        registry.Add("eth_baseFee", call => call.Result.WriteQuantity(chain.NextBaseFee.Atto));
        registry.Add("eth_feeHistory", WriteFeeHistory);
    }

    private void AddStates(RpcRegistry registry)
    {
        registry.Add("eth_getBalance", call => call.Result.WriteQuantity(StateAt(call, 1).BalanceOf(AddressIn(call)).Atto));
        registry.Add("eth_getCode", call => call.Result.WriteData(StateAt(call, 1).CodeOf(AddressIn(call))));
        registry.Add("eth_getTransactionCount", call => call.Result.WriteQuantity(
            call.Parameters.Block(1).Kind == BlockReferenceKind.Pending
                ? chain.PendingNonceOf(AddressIn(call))
                : StateAt(call, 1).NonceOf(AddressIn(call))));
        registry.Add("eth_getAccountInfo", call =>
        {
            StateView state = StateAt(call, 1);
            EthAddress address = AddressIn(call);
            call.Result.WriteStartObject();
            call.Result.WriteQuantity("balance", state.BalanceOf(address));
            call.Result.WriteQuantity("nonce", state.NonceOf(address));
            call.Result.WriteData("code", state.CodeOf(address));
            call.Result.WriteEndObject();
        });
        registry.AddAsync("eth_getStorageAt", async call =>
        {
            LocalBlock block = _lookup.OfState(call.Parameters.Block(2));
            call.Result.WriteHash(await chain.StorageAsync(AddressIn(call), call.Parameters[1, "slot"].Word(), block));
        });
        registry.AddAsync("eth_call", async call =>
        {
            BlockReference reference = call.Parameters.Block(1);
            CallOutcome outcome = await chain.CallAsync(
                CallReader.Read(call.Parameters[0, "call"]),
                _lookup.OfState(reference),
                _lookup.IsPending(reference),
                CallReader.ReadOverrides(call.Parameters[2, "state overrides"]));
            call.Result.WriteData(outcome.ExitCode.IsSuccess ? outcome.Data : throw CallErrors.Of(outcome));
        });
        registry.AddAsync("eth_estimateGas", async call =>
        {
            BlockReference reference = call.Parameters.Block(1);
            call.Result.WriteQuantity(await chain.EstimateAsync(
                CallReader.Read(call.Parameters[0, "transaction"]),
                _lookup.OfState(reference),
                _lookup.IsPending(reference) || (reference.Kind == BlockReferenceKind.Latest && chain.Pool.Count > 0),
                CallReader.ReadOverrides(call.Parameters[2, "state overrides"])));
        });
    }

    private static EthAddress AddressIn(RpcCall call) => call.Parameters[0, "address"].EthAddress();

    private static void WriteList<T>(Utf8JsonWriter json, IEnumerable<T> items, Action<Utf8JsonWriter, T> write)
    {
        json.WriteStartArray();
        foreach (T item in items)
        {
            write(json, item);
        }

        json.WriteEndArray();
    }

    private StateView StateAt(RpcCall call, int index) => chain.StateOf(_lookup.OfState(call.Parameters.Block(index)));
}
