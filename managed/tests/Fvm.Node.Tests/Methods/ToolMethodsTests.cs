using System.Text.Json;

namespace Fvm.Node.Tests;

/// <summary>Every method that Ethereum's tools were seen to call: a result, or an error that says why not.</summary>
internal sealed class ToolMethodsTests
{
    private const string First = "\"0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266\"";
    private const string Nobody = "\"0x00000000000000000000000000000000000000aa\"";
    private const string Hash = "\"0x0000000000000000000000000000000000000000000000000000000000000001\"";
    private const string Call = $"{{\"from\":{First},\"to\":{Nobody},\"value\":\"0x1\"}}";

    private TestChain _test = null!;
    private RequestTester _rpc = null!;

    [OneTimeSetUp]
    public void Start()
    {
        _test = TestChain.Create();
        RpcRegistry registry = new();
        Wallet wallet = new(TestChain.Accounts);
        new EthMethods(_test.Chain, wallet).AddTo(registry);
        new SimulationMethods(_test.Chain).AddTo(registry);
        new WatchMethods(_test.Chain).AddTo(registry);
        new PoolMethods(_test.Chain).AddTo(registry);
        new SigningMethods(wallet).AddTo(registry);
        new TestMethods(_test.Chain).AddTo(registry);
        new TraceMethods(_test.Chain).AddTo(registry);
        new DebugMethods(_test.Chain).AddTo(registry);
        _rpc = new RequestTester(registry);
    }

    [OneTimeTearDown]
    public async Task Stop()
    {
        if (_test is not null)
        {
            await _test.DisposeAsync();
        }
    }

    [TestCase("eth_chainId", "[]")]
    [TestCase("net_version", "[]")]
    [TestCase("net_listening", "[]")]
    [TestCase("web3_clientVersion", "[]")]
    [TestCase("eth_blockNumber", "[]")]
    [TestCase("eth_getBlockByNumber", "[\"pending\",true]")]
    [TestCase("eth_getBlockByHash", $"[{Hash},false]")]
    [TestCase("eth_getBlockReceipts", "[\"latest\"]")]
    [TestCase("eth_getTransactionCount", $"[{First},\"pending\"]")]
    [TestCase("eth_getBalance", $"[{First},\"latest\"]")]
    [TestCase("eth_getCode", $"[{First},\"0x0\"]")]
    [TestCase("eth_getStorageAt", $"[{First},\"0x0\",\"latest\"]")]
    [TestCase("eth_getAccountInfo", $"[{First},\"0x0\"]")]
    [TestCase("anvil_nodeInfo", "[]")]
    [TestCase("anvil_metadata", "[]")]
    [TestCase("eth_call", $"[{Call},\"latest\",{{{Nobody}:{{\"balance\":\"0x1\"}}}}]")]
    [TestCase("eth_simulateV1", $"[{{\"blockStateCalls\":[{{\"calls\":[{Call}],\"stateOverrides\":{{}}}}],\"traceTransfers\":true}},\"latest\"]")]
    [TestCase("eth_estimateGas", $"[{Call}]")]
    [TestCase("eth_fillTransaction", $"[{Call}]")]
    [TestCase("eth_gasPrice", "[]")]
    [TestCase("eth_maxPriorityFeePerGas", "[]")]
    [TestCase("eth_feeHistory", "[\"0xa\",\"latest\",[20]]")]
    [TestCase("eth_sendTransaction", $"[{Call}]")]
    [TestCase("eth_sendUnsignedTransaction", $"[{Call}]")]
    [TestCase("eth_accounts", "[]")]
    [TestCase("eth_getTransactionReceipt", $"[{Hash}]")]
    [TestCase("eth_getTransactionByHash", $"[{Hash}]")]
    [TestCase("eth_getLogs", "[{\"fromBlock\":\"earliest\",\"topics\":[null]}]")]
    [TestCase("eth_newFilter", "[{}]")]
    [TestCase("eth_newBlockFilter", "[]")]
    [TestCase("eth_newPendingTransactionFilter", "[]")]
    [TestCase("eth_uninstallFilter", "[\"0x99\"]")]
    [TestCase("personal_sign", $"[\"0x12\",{First}]")]
    [TestCase("eth_sign", $"[{First},\"0x12\"]")]
    [TestCase("trace_block", "[\"latest\"]")]
    [TestCase("txpool_status", "[]")]
    [TestCase("txpool_content", "[]")]
    [TestCase("txpool_inspect", "[]")]
    [TestCase("hardhat_getAutomine", "[]")]
    [TestCase("evm_snapshot", "[]")]
    [TestCase("evm_revert", "[\"0x99\"]")]
    [TestCase("evm_mine", "[]")]
    [TestCase("anvil_mine", "[\"0x2\",\"0x1\"]")]
    [TestCase("hardhat_mine", "[2]")]
    [TestCase("evm_increaseTime", "[10]")]
    [TestCase("evm_setNextBlockTimestamp", "[\"0x100000000\"]")]
    [TestCase("evm_setTime", "[4294967396]")]
    [TestCase("anvil_setBlockTimestampInterval", "[1]")]
    [TestCase("anvil_removeBlockTimestampInterval", "[]")]
    [TestCase("hardhat_setBalance", $"[{Nobody},\"0x1\"]")]
    [TestCase("anvil_setCode", $"[{Nobody},\"0x00\"]")]
    [TestCase("anvil_setNonce", $"[{First},\"0x9\"]")]
    [TestCase("hardhat_setStorageAt", $"[{Nobody},\"0x0\",{Hash}]")]
    [TestCase("hardhat_setCoinbase", "[\"0xff000000000000000000000000000000000003e8\"]")]
    [TestCase("anvil_setNextBlockBaseFeePerGas", "[\"0x64\"]")]
    [TestCase("hardhat_setNextBlockBaseFeePerGas", "[\"0x64\"]")]
    [TestCase("anvil_setLoggingEnabled", "[true]")]
    [TestCase("anvil_impersonateAccount", $"[{Nobody}]")]
    [TestCase("hardhat_stopImpersonatingAccount", $"[{Nobody}]")]
    [TestCase("anvil_autoImpersonateAccount", "[false]")]
    [TestCase("hardhat_dropTransaction", $"[{Hash}]")]
    [TestCase("anvil_dropAllTransactions", "[]")]
    [TestCase("evm_setBlockGasLimit", "[\"0x2540be400\"]")]
    [TestCase("evm_setAutomine", "[true]")]
    [TestCase("evm_setIntervalMining", "[0]")]
    [TestCase("anvil_reorg", "[1,[]]")]
    [TestCase("anvil_rollback", "[1]")]
    [TestCase("anvil_reset", "[]")]
    public async Task A_call_of_a_tool_has_a_result(string method, string parameters) => await _rpc.ResultAsync(method, parameters);

    [TestCase("hardhat_metadata")]
    [TestCase("eth_blobBaseFee")]
    [TestCase("eth_createAccessList")]
    [TestCase("eth_getProof")]
    [TestCase("wallet_sendTransaction")]
    [TestCase("hardhat_setPrevRandao")]
    [TestCase("anvil_setMinGasPrice")]
    public async Task What_is_refused_has_a_reason(string method)
    {
        JsonElement error = (await _rpc.AskAsync(method, "[]")).GetProperty("error");
        Assert.That(error.GetProperty("code").GetInt32(), Is.EqualTo(-32601));
        Assert.That(error.GetProperty("message").GetString(), Does.StartWith($"the method {method} is not supported: "));
    }

    [TestCase("hardhat_setCoinbase", $"[{First}]", "is no miner")]
    [TestCase("evm_setBlockGasLimit", "[\"0x2540be401\"]", "at most 10000000000")]
    [TestCase("anvil_reorg", "[1,[[\"0x00\",0]]]", "send transactions after")]
    [TestCase("anvil_reorg", "[999999,[]]", "at most")]
    [TestCase("eth_subscribe", "[\"newHeads\"]", "need a WebSocket")]
    [TestCase("eth_sendRawTransaction", "[\"0x02\"]", "RLP")]
    [TestCase("eth_sendRawTransactionSync", "[\"0x\"]", "empty")]
    [TestCase("trace_transaction", $"[{Hash}]", "there is no transaction")]
    [TestCase("eth_getFilterChanges", "[\"0x77\"]", "filter not found")]
    [TestCase("eth_getFilterLogs", "[\"0x77\"]", "filter not found")]
    [TestCase("eth_signTypedData_v4", $"[{First},\"?\"]", "no JSON")]
    public async Task What_cannot_be_done_is_said(string method, string parameters, string reason) =>
        Assert.That(await _rpc.ErrorAsync(method, parameters), Does.Contain(reason));
}
