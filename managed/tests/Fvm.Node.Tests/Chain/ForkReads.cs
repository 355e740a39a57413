using System.Text.Json;
using Fvm.Tracing;

namespace Fvm.Node.Tests;

/// <summary>
/// The requests that read a chain up to a block, whatever comes behind it: every method that reads, for every block, address and message.
/// </summary>
internal static class ForkReads
{
    /// <summary>
    /// Methods that change something, sign, depend on what comes behind the block, or belong to a session; by the beginning of their names.
    /// </summary>
    public static readonly string[] Others =
    [
        "anvil_", "evm_", "hardhat_", "fvm_", "txpool_", "personal_", "wallet_", "net_", "web3_", "xrpc.", "Filecoin.Net", "Filecoin.Web3",
        "eth_send", "eth_sign", "eth_fill", "eth_new", "eth_uninstall", "eth_getFilter", "eth_subscribe", "eth_unsubscribe",
        "eth_accounts", "eth_blockNumber", "eth_gasPrice", "eth_maxPriorityFeePerGas", "eth_baseFee", "eth_syncing", "eth_protocolVersion",
        "eth_createAccessList", "eth_getProof", "eth_blobBaseFee", "Filecoin.Mpool", "Filecoin.Wallet", "Filecoin.GasEstimate", "Filecoin.ChainNotify",
        "Filecoin.ChainHead", "Filecoin.ChainGetFinalizedTipSet", "Filecoin.Version", "Filecoin.Eth", "trace_filter",
    ];

    // Of each line: where it belongs, the names, and the parameters. What begins with @ stands for a value.
    private const string Table = """
        once eth_chainId,Filecoin.StateNetworkName,Filecoin.StateGetNetworkParams,Filecoin.ChainGetGenesis []
        once eth_getBlockByNumber ["earliest",true]
        once eth_getLogs [{"fromBlock":"0x0","toBlock":"@last"}]
        once Filecoin.GetActorEventsRaw [{"fromHeight":0,"toHeight":@lastNumber}]
        once eth_feeHistory ["0x8","@last",[10,50,90]]
        once Filecoin.ChainReadObj,Filecoin.ChainHasObj [@unknown]
        results eth_getBlockByNumber ["@number",true]
        block eth_getBlockByNumber ["@number",false]
        results eth_getBlockByHash ["@hash",true]
        results eth_getBlockReceipts,eth_getBlockTransactionCountByNumber,eth_getUncleCountByBlockNumber ["@number"]
        block eth_getBlockTransactionCountByHash,eth_getUncleCountByBlockHash ["@hash"]
        results eth_getTransactionByBlockNumberAndIndex ["@number","0x0"]
        results eth_getTransactionByBlockHashAndIndex ["@hash","0x1"]
        block eth_getLogs [{"blockHash":"@hash"}]
        results eth_feeHistory ["0x2","@number",[50]]
        results trace_block ["@number"]
        results trace_replayBlockTransactions ["@number",["trace","stateDiff"]]
        results debug_traceBlockByNumber ["@number",{"tracer":"callTracer"}]
        results debug_traceBlockByHash ["@hash",{"tracer":"prestateTracer","tracerConfig":{"diffMode":true}}]
        results debug_traceBlockByNumber ["@number",{"enableMemory":true}]
        block Filecoin.ChainGetTipSet,Filecoin.ChainTipSetWeight,Filecoin.ChainGetMessagesInTipset,Filecoin.StateNetworkVersion [@key]
        block Filecoin.StateListActors,Filecoin.StateListMiners,Filecoin.StateVerifiedRegistryRootKey [@key]
        block Filecoin.ChainGetTipSetByHeight,Filecoin.ChainGetTipSetAfterHeight [@epoch,@lastKey]
        block Filecoin.StateGetRandomnessDigestFromBeacon,Filecoin.StateGetRandomnessDigestFromTickets [@epoch,@lastKey]
        block Filecoin.ChainGetBlock,Filecoin.ChainGetBlockMessages,Filecoin.ChainGetParentMessages,Filecoin.ChainGetParentReceipts [@header]
        block Filecoin.ChainReadObj,Filecoin.ChainHasObj [@header]
        block Filecoin.ChainGetPath [@key,@lastKey]
        block Filecoin.StateActorCodeCIDs [@version]
        block Filecoin.GetActorEventsRaw [{"tipsetKey":@key}]
        message eth_getTransactionByHash,eth_getTransactionReceipt,trace_transaction ["@tx"]
        message trace_replayTransaction ["@tx",["trace"]]
        message debug_traceTransaction ["@tx",{"tracer":"callTracer","tracerConfig":{"withLog":true}}]
        message debug_traceTransaction ["@tx"]
        message Filecoin.ChainGetMessage [@cid]
        message Filecoin.StateReplay [null,@cid]
        message Filecoin.StateSearchMsg [@lastKey,@cid]
        message Filecoin.StateWaitMsg [@cid,0,100,true]
        message Filecoin.StateWaitMsgLimited [@cid,0,100]
        events Filecoin.ChainGetEvents [@events]
        address eth_getBalance,eth_getCode,eth_getTransactionCount,eth_getAccountInfo ["@eth","@number"]
        address eth_getStorageAt ["@eth","0x0","@number"]
        address eth_call [{"to":"@eth"},"@number"]
        address eth_estimateGas [{"to":"@eth"},"@number"]
        address eth_call [{"to":"@eth","from":"@eth","data":"0x0000000000000000000000000000000000000000000000000000000000000003"},"@number"]
        address eth_simulateV1 [{"blockStateCalls":[{"calls":[{"to":"@eth"}]},{"calls":[{"to":"@eth","data":"0x"}]}],"traceTransfers":true},"@number"]
        address trace_call [{"to":"@eth"},["trace","stateDiff"],"@number"]
        address debug_traceCall [{"to":"@eth"},"@number",{"tracer":"callTracer"}]
        address debug_traceCall [{"to":"@eth"},"@number"]
        address eth_getLogs [{"fromBlock":"@number","toBlock":"@last","address":"@eth"}]
        actor Filecoin.StateGetActor,Filecoin.StateReadState,Filecoin.StateLookupID,Filecoin.StateAccountKey ["@address",@key]
        actor Filecoin.StateLookupRobustAddress,Filecoin.StateMarketBalance ["@address",@key]
        actor Filecoin.StateVerifiedClientStatus,Filecoin.StateVerifierStatus ["@address",@key]
        actor Filecoin.StateMinerInfo,Filecoin.StateMinerPower ["@address",@key]
        actor Filecoin.FilecoinAddressToEthAddress ["@address","@number"]
        actor Filecoin.StateDecodeParams ["@address",2,"QgBk",@key]
        actor Filecoin.StateCall [{"From":"t0100","To":"@address","Method":0,"Value":"1"},@key]
        """;

    /// <summary>A CID that nobody has, which is asked for each time.</summary>
    public const string Unknown = "bafy2bzacecnamqgqmifpluoeldx7zzglxcljo6oja4vrmtj7432rphldpdmm2";

    /// <summary>The requests: method and parameters as JSON.</summary>
    /// <param name="chain">The chain that has the blocks.</param>
    /// <param name="last">The number of the last block.</param>
    /// <param name="addresses">Actors, as clients of Ethereum name them.</param>
    /// <param name="actors">Actors, as clients of Filecoin name them.</param>
    public static IReadOnlyList<(string Method, string Parameters)> Of(
        LocalChain chain, ulong last, IReadOnlyList<EthAddress> addresses, IReadOnlyList<string> actors)
    {
        LocalBlock end = chain.FindBlock(last)!;
        Dictionary<string, string> common = new()
        {
            ["@lastNumber"] = $"{last}",
            ["@lastKey"] = KeyOf(end),
            ["@last"] = Hex(last),
            ["@version"] = $"{(uint)chain.Version}",
            ["@unknown"] = LinkTo(Unknown),
        };
        List<(string, string)> requests = [];
        Add("once", []);
        foreach (LocalBlock block in chain.Range(0, last))
        {
            Dictionary<string, string> place = new()
            {
                ["@number"] = Hex(block.Number),
                ["@hash"] = block.Hash.ToString(),
                ["@key"] = KeyOf(block),
                ["@epoch"] = $"{block.Number}",
                ["@header"] = LinkTo(block.Tipset.Cids[0].ToString()),
            };
            Add("block", place);
            if (!block.Messages.Any(IsOfOperator))
            {
                Add("results", place);
            }

            addresses.ToList().ForEach(address => Add("address", new(place) { ["@eth"] = address.ToString() }));
            actors.ToList().ForEach(actor => Add("actor", new(place) { ["@address"] = actor }));
            foreach (LocalMessage message in block.Number < last ? block.Messages.Where(static message => !IsOfOperator(message)) : [])
            {
                Add("message", new(place) { ["@tx"] = message.Hash.ToString(), ["@cid"] = LinkTo(message.Message.Cid.ToString()) });
                if (message.Ret.Receipt.EventsRoot is { } events)
                {
                    Add("events", new() { ["@events"] = LinkTo(events.ToString()) });
                }
            }
        }

        return requests;

        void Add(string kind, Dictionary<string, string> values)
        {
            foreach (string line in Table.Split('\n').Where(line => line.StartsWith(kind + " ", StringComparison.Ordinal)))
            {
                string[] parts = line.Split(' ', 3);

                // The longer names first: one may begin another.
                string parameters = values.Concat(common).OrderByDescending(static value => value.Key.Length)
                    .Aggregate(parts[2], static (text, value) => text.Replace(value.Key, value.Value, StringComparison.Ordinal));
                requests.AddRange(parts[1].Split(',').Select(name => (name, parameters)));
            }
        }
    }

    // Applied without checks and cost, which the block does not say; its nonce is beyond all others.
    private static bool IsOfOperator(LocalMessage message) => message.Message.Message.Sequence >> 40 != 0;

    private static string Hex(ulong number) => $"0x{number:x}";

    private static string LinkTo(string cid) => JsonSerializer.Serialize(new Dictionary<string, string> { ["/"] = cid });

    private static string KeyOf(LocalBlock block) => $"[{string.Join(',', block.Tipset.Cids.Select(static cid => LinkTo(cid.ToString())))}]";
}
