// The methods that tools were seen to call: each has to be called again by a run of all flows.
const both = names => names.flatMap(name => [`anvil_${name}`, `hardhat_${name}`])

export const methods = [
  'eth_chainId', 'net_version', 'web3_clientVersion', 'eth_blockNumber', 'eth_getBlockByNumber', 'eth_getBlockByHash', 'eth_getBlockReceipts',
  'eth_getTransactionCount', 'eth_getBalance', 'eth_getCode', 'eth_getStorageAt', 'eth_getAccountInfo', 'anvil_nodeInfo', 'anvil_metadata',
  'hardhat_metadata', 'eth_call', 'eth_estimateGas', 'eth_fillTransaction', 'eth_gasPrice', 'eth_maxPriorityFeePerGas', 'eth_feeHistory',
  'eth_sendRawTransaction', 'eth_sendRawTransactionSync', 'eth_sendTransaction', 'eth_sendUnsignedTransaction', 'eth_accounts',
  'eth_getTransactionReceipt', 'eth_getTransactionByHash', 'eth_getLogs', 'eth_newFilter', 'eth_newBlockFilter', 'eth_newPendingTransactionFilter',
  'eth_getFilterChanges', 'eth_getFilterLogs', 'eth_uninstallFilter', 'eth_subscribe', 'eth_unsubscribe', 'eth_createAccessList', 'eth_getProof',
  'eth_simulateV1', 'personal_sign', 'eth_signTypedData_v4', 'trace_transaction', 'debug_traceTransaction',
  'debug_traceCall', 'debug_traceBlockByNumber', 'debug_traceBlockByHash', 'txpool_status', 'txpool_content', 'txpool_inspect',
  'hardhat_getAutomine', 'evm_snapshot', 'evm_revert', 'evm_mine', 'evm_increaseTime', 'evm_setNextBlockTimestamp', 'evm_setAutomine',
  'evm_setIntervalMining', 'evm_setBlockGasLimit', 'hardhat_setPrevRandao',
  'anvil_setBlockTimestampInterval', 'anvil_removeBlockTimestampInterval',
  ...both([
    'mine', 'setBalance', 'setCode', 'setNonce', 'setStorageAt', 'setCoinbase', 'setMinGasPrice', 'setNextBlockBaseFeePerGas', 'setLoggingEnabled',
    'impersonateAccount', 'stopImpersonatingAccount', 'dropTransaction', 'dumpState', 'loadState', 'setRpcUrl', 'reset'
  ])
]
