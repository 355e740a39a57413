namespace Fvm.Node.Tests;

/// <summary>Well-formed requests of every method, for mutation. A text that begins with @ stands for a value of the chain.</summary>
internal static class WellFormedRequests
{
    // Of each line: the names, and the parameters.
    private const string Table = """
        web3_clientVersion,net_version,net_listening,net_peerCount,eth_chainId,eth_protocolVersion,eth_syncing,eth_blockNumber []
        eth_accounts,eth_gasPrice,eth_maxPriorityFeePerGas,eth_baseFee,eth_blobBaseFee,eth_newBlockFilter,eth_newPendingTransactionFilter []
        txpool_status,txpool_content,txpool_inspect,anvil_nodeInfo,anvil_metadata,anvil_getAutomine,hardhat_getAutomine []
        anvil_getIntervalMining,evm_snapshot,anvil_snapshot,anvil_dumpState,hardhat_dumpState []
        evm_removeBlockTimestampInterval,anvil_removeBlockTimestampInterval,hardhat_removeBlockTimestampInterval []
        anvil_dropAllTransactions,hardhat_dropAllTransactions []
        hardhat_metadata,anvil_setMinGasPrice,hardhat_setMinGasPrice,anvil_setPrevRandao,hardhat_setPrevRandao ["0x1"]
        eth_createAccessList,eth_getProof,wallet_sendTransaction ["0x1"]
        anvil_setCoinbase,hardhat_setCoinbase ["@first"]
        evm_setBlockGasLimit,anvil_setBlockGasLimit ["0x2540be400"]
        anvil_reorg [1,[["@raw",0]]]
        fvm_call [{"from":"f0100","to":"t01000","value":"0","method":"ControlAddresses"}]
        fvm_call [{"from":"@native","to":"t099","value":"1","method":0,"params":"0x"}]
        fvm_addPower ["t01000","0x1000","0x2000"]
        fvm_giveDataCap ["@native","0x100000"]
        fvm_installActor ["0x0061736d01000000","0x"]
        web3_sha3 ["0x1234"]
        eth_feeHistory ["0x4","latest",[10,50,90.5]]
        eth_getBalance,eth_getCode,eth_getTransactionCount,eth_getAccountInfo ["@first","latest"]
        eth_getBalance,eth_getCode,eth_getTransactionCount,eth_getAccountInfo ["@contract",{"blockHash":"@block","requireCanonical":true}]
        eth_getStorageAt ["@contract","0x0","latest"]
        eth_call ["@call","latest"]
        eth_call ["@call","pending",{"@second":{"balance":"0x64","nonce":"0x5","code":"0x6001","stateDiff":{"@word":"@word"}}}]
        eth_call ["@call","0x1",{"@contract":{"state":{"@word":"0x7"}}}]
        eth_call [{"data":"0x600a600c600039600a6000f3602a60005260206000f3"},"latest"]
        eth_simulateV1 [{"blockStateCalls":[{"calls":["@call","@transfer"]}],"traceTransfers":true,"returnFullTransactions":true},"latest"]
        eth_simulateV1 [{"blockStateCalls":[{"blockOverrides":{"number":"0x20","time":"0x70000000","gasLimit":"0x2540000","baseFeePerGas":"0x64"}}]}]
        eth_simulateV1 [{"blockStateCalls":[{"stateOverrides":{"@second":{"balance":"0x64"}},"calls":["@transfer"]},{}],"validation":true},"pending"]
        eth_estimateGas ["@call","latest"]
        eth_estimateGas ["@transfer"]
        eth_getBlockByNumber,eth_getBlockTransactionCountByNumber,eth_getUncleCountByBlockNumber,eth_getBlockReceipts ["0x2",true]
        eth_getBlockByHash,eth_getBlockTransactionCountByHash,eth_getUncleCountByBlockHash ["@block",true]
        eth_getTransactionByHash,eth_getTransactionReceipt ["@tx"]
        eth_getTransactionByBlockNumberAndIndex ["0x2","0x0"]
        eth_getTransactionByBlockHashAndIndex ["@block","0x0"]
        eth_getLogs,eth_newFilter ["@logs"]
        eth_getLogs,eth_newFilter [{"blockHash":"@block","address":["@contract","@first"],"topics":[["@word",null],null,"@word"]}]
        eth_getFilterChanges,eth_getFilterLogs,eth_uninstallFilter,eth_unsubscribe ["0x1"]
        eth_subscribe ["logs","@logs"]
        eth_sendRawTransaction ["@raw"]
        eth_sendRawTransactionSync ["@raw","0x64"]
        eth_sendTransaction,eth_sendUnsignedTransaction,eth_fillTransaction,eth_signTransaction ["@transfer"]
        eth_sendTransactionSync ["@transfer","0x64"]
        txpool_contentFrom,anvil_removePoolTransactions,hardhat_removePoolTransactions ["@first"]
        personal_sign ["0x1234","@first"]
        eth_sign ["@first","0x1234"]
        eth_signTypedData,eth_signTypedData_v3,eth_signTypedData_v4 ["@first","@typed"]
        anvil_mine,hardhat_mine ["0x2","0x7"]
        evm_mine [{"blocks":"0x2","timestamp":"0x7000000"}]
        evm_mine ["0x70000000"]
        fvm_advanceTo ["0x20"]
        evm_setAutomine,anvil_setAutomine,anvil_setLoggingEnabled,hardhat_setLoggingEnabled [true]
        anvil_autoImpersonateAccount,hardhat_autoImpersonateAccount [false]
        evm_setIntervalMining,anvil_setIntervalMining [0]
        evm_increaseTime,anvil_increaseTime ["0x10"]
        evm_setNextBlockTimestamp,anvil_setNextBlockTimestamp,evm_setTime,anvil_setTime ["0x70000000"]
        evm_setBlockTimestampInterval,anvil_setBlockTimestampInterval,hardhat_setBlockTimestampInterval ["0xa"]
        anvil_setNextBlockBaseFeePerGas,hardhat_setNextBlockBaseFeePerGas ["0x64"]
        evm_revert,anvil_revert ["0x2"]
        anvil_rollback ["0x1"]
        anvil_reset,hardhat_reset []
        anvil_reset,hardhat_reset [{"forking":{"jsonRpcUrl":"http://127.0.0.1:1","blockNumber":1}}]
        anvil_setBalance,hardhat_setBalance,anvil_addBalance ["@second","0x64"]
        anvil_setNonce,hardhat_setNonce ["@second","0x5"]
        anvil_setCode,hardhat_setCode ["@second","0x600160005500"]
        anvil_setStorageAt,hardhat_setStorageAt ["@contract","0x0","@word"]
        anvil_loadState,hardhat_loadState ["@dump"]
        anvil_impersonateAccount,hardhat_impersonateAccount ["@contract"]
        anvil_stopImpersonatingAccount,hardhat_stopImpersonatingAccount ["@contract"]
        anvil_dropTransaction,hardhat_dropTransaction ["@tx"]
        anvil_setRpcUrl,hardhat_setRpcUrl ["http://127.0.0.1:1/rpc/v1"]
        trace_block,trace_replayBlockTransactions ["0x2",["trace","stateDiff"]]
        trace_transaction ["@tx"]
        trace_replayTransaction ["@tx",["trace","stateDiff"]]
        trace_call ["@call",["trace","stateDiff"],"latest"]
        trace_filter [{"fromBlock":"0x1","toBlock":"latest","fromAddress":["@first"],"toAddress":["@contract"],"after":0,"count":5}]
        debug_traceTransaction ["@tx","@tracer"]
        debug_traceCall ["@call","latest",{"tracer":"prestateTracer","tracerConfig":{"diffMode":true},"stateOverrides":{"@second":{"nonce":"0x1"}}}]
        debug_traceTransaction ["@tx",{"enableMemory":true,"enableReturnData":true,"disableStack":true,"disableStorage":true,"limit":100}]
        debug_traceCall ["@call","latest",{"enableMemory":true}]
        debug_traceBlockByNumber ["0x2","@tracer"]
        debug_traceBlockByHash ["@block"]
        debug_traceBlockByHash ["@block",{"tracer":"flatCallTracer","timeout":"5s"}]
        Filecoin.ChainHead,Filecoin.ChainGetGenesis,Filecoin.ChainGetFinalizedTipSet,Filecoin.Version,Filecoin.StateNetworkName []
        Filecoin.StateActorCodeCIDs,Filecoin.WalletList,Filecoin.WalletDefaultAddress []
        Filecoin.ChainGetTipSet,Filecoin.ChainTipSetWeight,Filecoin.ChainGetMessagesInTipset,Filecoin.MpoolPending ["@key"]
        Filecoin.StateNetworkVersion,Filecoin.StateListActors,Filecoin.StateListMiners ["@key"]
        Filecoin.ChainGetTipSetByHeight,Filecoin.ChainGetTipSetAfterHeight [2,"@key"]
        Filecoin.StateGetRandomnessDigestFromBeacon,Filecoin.StateGetRandomnessDigestFromTickets [2,"@key"]
        Filecoin.ChainGetBlock,Filecoin.ChainGetBlockMessages,Filecoin.ChainGetParentMessages,Filecoin.ChainGetParentReceipts ["@header"]
        Filecoin.ChainGetPath [[],"@key"]
        Filecoin.ChainGetMessage,Filecoin.EthGetTransactionHashByCid ["@cid"]
        Filecoin.ChainReadObj,Filecoin.ChainHasObj ["@header"]
        Filecoin.ChainGetEvents ["@events"]
        Filecoin.ChainNotify []
        xrpc.cancel [1]
        Filecoin.GetActorEventsRaw [{"addresses":["@contract"],"fromHeight":0,"toHeight":5,"fields":{"t1":[{"codec":85,"value":"AAAA"}]}}]
        Filecoin.GetActorEventsRaw [{"tipsetKey":"@key"}]
        Filecoin.StateWaitMsg ["@cid",2,100,false]
        Filecoin.StateWaitMsgLimited ["@cid",2,100]
        Filecoin.StateSearchMsg,Filecoin.StateReplay ["@key","@cid"]
        Filecoin.StateSearchMsg,Filecoin.StateReplay [null,"@cid"]
        Filecoin.StateCall,Filecoin.WalletSignMessage ["@message","@key"]
        Filecoin.GasEstimateGasLimit ["@message","@key"]
        Filecoin.GasEstimateGasPremium [2,"@native",10000,[]]
        Filecoin.GasEstimateFeeCap ["@message",20,[]]
        Filecoin.GasEstimateMessageGas,Filecoin.MpoolPushMessage ["@message",{"MaxFee":"0"},[]]
        Filecoin.MpoolPush,Filecoin.MpoolPushUntrusted ["@signed"]
        Filecoin.MpoolBatchPush [["@signed"]]
        Filecoin.MpoolGetNonce,Filecoin.StateGetActor,Filecoin.StateReadState,Filecoin.StateLookupID,Filecoin.StateAccountKey ["@native",[]]
        Filecoin.StateGetActor,Filecoin.StateReadState,Filecoin.StateLookupRobustAddress ["t01000",[]]
        Filecoin.StateReadState,Filecoin.StateAccountKey ["@contract","@key"]
        Filecoin.StateMinerInfo,Filecoin.StateMinerPower,Filecoin.StateMarketBalance ["t01000","@key"]
        Filecoin.StateVerifiedClientStatus,Filecoin.StateVerifierStatus ["@native","@key"]
        Filecoin.StateVerifiedRegistryRootKey,Filecoin.StateGetNetworkParams ["@key"]
        Filecoin.StateDecodeParams ["t01000",16,"gUIAAQ==",[]]
        Filecoin.WalletNew ["bls"]
        Filecoin.WalletHas,Filecoin.WalletBalance,Filecoin.WalletSetDefault,Filecoin.WalletExport,Filecoin.WalletValidateAddress ["@native"]
        Filecoin.WalletImport [{"Type":"secp256k1","PrivateKey":"AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE="}]
        Filecoin.WalletSign ["@native","AQID"]
        Filecoin.WalletSignMessage ["@native","@message"]
        Filecoin.WalletVerify ["@native","AQID",{"Type":1,"Data":"AQID"}]
        Filecoin.EthAddressToFilecoinAddress ["@first"]
        Filecoin.FilecoinAddressToEthAddress ["@native","latest"]
        Filecoin.EthGetMessageCidByTransactionHash ["@tx"]
        """;

    /// <summary>The requests: method and parameters as JSON.</summary>
    /// <param name="registry">The methods; those that Lotus has under another name are added.</param>
    /// <param name="values">The JSON of each value, by its name.</param>
    public static IReadOnlyList<(string Method, string Parameters)> Of(RpcRegistry registry, IReadOnlyDictionary<string, string> values)
    {
        List<(string, string)> requests = [];
        foreach (string line in Table.Split('\n'))
        {
            int space = line.IndexOf(' ', StringComparison.Ordinal);
            string parameters = values.Aggregate(line[(space + 1)..], static (text, value) => text.Replace($"\"@{value.Key}\"", value.Value, StringComparison.Ordinal));
            foreach (string name in line[..space].Split(','))
            {
                requests.Add((name, parameters));
                if (RpcRegistry.LotusAlias(name) is string alias && registry.TryGet(alias, out _))
                {
                    requests.Add((alias, parameters));
                }
            }
        }

        return requests;
    }
}
