// viem's clients: each of their calls on both nodes, which has to succeed or fail on both alike. A call is a flow like a command line's.
import * as viem from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { compile } from '../compile.mjs'

const account = privateKeyToAccount('0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80')
const second = '0x70997970C51812dc3A010C7d01b50e0d17dc79C8'
const somebody = '0x00000000000000000000000000000000000abcde'

const clients = side => {
  const chain = viem.defineChain({
    id: 31415926,
    name: 'devnet',
    nativeCurrency: { name: 'FIL', symbol: 'FIL', decimals: 18 },
    rpcUrls: { default: { http: [side.url] } },
    contracts: { multicall3: { address: '0xca11bde05977b3631167028862be2a173976ca11' } }
  })
  const transport = viem.http(side.url, { retryCount: 0 })
  const make = mode => viem.createTestClient({ account, chain, mode, transport, pollingInterval: 50, cacheTime: 0 })
    .extend(viem.publicActions).extend(viem.walletActions)
  return { anvil: make('anvil'), hardhat: make('hardhat'), node: viem.createWalletClient({ account: second, chain, transport }) }
}

export const viemClients = beside => beside.suite('viem', async (flow, sides) => {
  const { Probe, Token } = compile()
  const { abi } = Probe
  for (const side of sides) {
    const { anvil } = side.clients = clients(side)
    const deploy = async contract => {
      const hash = await anvil.deployContract({ ...contract, account })
      return (await anvil.waitForTransactionReceipt({ hash })).contractAddress
    }
    side.probe = await deploy(Probe)
    side.token = await deploy(Token)
  }
  const call = (title, action, options) => flow(title, side => () => action(side.clients.anvil, side, side.clients), options)

  for (const blockTag of ['latest', 'pending', 'safe', 'finalized', 'earliest']) {
    await call(`block ${blockTag}`, client => client.getBlock({ blockTag }))
  }
  await call('block by its hash', async client => client.getBlock({ blockHash: (await client.getBlock()).hash }))
  await call('fees', async client => {
    await client.getGasPrice()
    await client.estimateFeesPerGas()
    await client.getFeeHistory({ blockCount: 4, rewardPercentiles: [50] })
  })
  await call('multicall', (client, { probe, token }) => client.multicall({
    allowFailure: false, contracts: [{ address: probe, abi, functionName: 'value' }, { address: token, abi: Token.abi, functionName: 'symbol' }]
  }))
  await call('call without deployment', client => client.readContract({ abi, code: Probe.bytecode, functionName: 'value' }))
  await call('call with overrides of the state', (client, { probe }) => client.readContract({
    address: probe, abi, functionName: 'value', stateOverride: [{ address: probe, stateDiff: [{ slot: viem.pad('0x0'), value: viem.pad('0x63') }] }]
  }))
  await call('write and wait at once', (client, { probe }) => client.writeContractSync({ address: probe, abi, functionName: 'set', args: [5n] }))
  await call('write by an account of the node', (_, { probe }, { node }) => {
    return node.writeContract({ address: probe, abi, functionName: 'set', args: [6n] })
  })
  await call('write that reverts', (client, { probe }) => client.writeContract({ address: probe, abi, functionName: 'fail' }), { fails: true })
  await call('sign a text and typed data by the node', async (_, __, { node }) => {
    await node.signMessage({ message: 'hello' })
    const types = { Mail: [{ name: 'text', type: 'string' }] }
    await node.signTypedData({ domain: { name: 'T', chainId: 31415926 }, types, primaryType: 'Mail', message: { text: 'x' } })
  })
  await call('filters', async (client, { probe }) => {
    const events = await client.createEventFilter({ address: probe })
    const filters = [events, await client.createBlockFilter(), await client.createPendingTransactionFilter()]
    await client.mine({ blocks: 1 })
    for (const filter of filters) await client.getFilterChanges({ filter })
    await client.getFilterLogs({ filter: events })
    for (const filter of filters) await client.uninstallFilter({ filter })
  })
  await call('events', (client, { probe }) => client.getContractEvents({ address: probe, abi, fromBlock: 'earliest', toBlock: 'latest' }))
  await call('access list', (client, { probe }) => client.createAccessList({ to: probe, data: '0x3fa4f245' }))
  await call('proof', (client, { probe }) => client.getProof({ address: probe, storageKeys: [] }))
  const calls = ({ probe }) => [{ to: probe, data: '0x3fa4f245' }]
  await call('simulation of calls', (client, side) => client.simulateCalls({ account: account.address, calls: calls(side) }))
  await call('simulation of blocks', (client, side) => client.simulateBlocks({ blocks: [{ calls: calls(side) }] }))
  await call('simulation with transfers and overrides', async (client, { probe }) => {
    const giver = '0xc000000000000000000000000000000000000000'
    const set = viem.encodeFunctionData({ abi, functionName: 'set', args: [77n] })
    const [first, second] = await client.simulateBlocks({
      traceTransfers: true,
      blocks: [
        { stateOverrides: [{ address: giver, balance: 2000n }], calls: [{ from: giver, to: somebody, value: 1000n }, { to: probe, data: set }] },
        { calls: [{ to: probe, abi, functionName: 'value' }, { to: probe, abi, functionName: 'fail' }] }
      ]
    })
    const log = first.calls[0].logs[0]
    const seen = [log.address, log.topics[1], log.topics[2], BigInt(log.data), log.logIndex, first.calls[1].status, second.calls[0].result,
      second.calls[1].status]
    const wanted = ['0x' + 'e'.repeat(40), viem.pad(giver), viem.pad(somebody), 1000n, 0, 'success', 77n, 'failure']
    const text = values => values.map(String).join(' ').toLowerCase()
    if (text(seen) !== text(wanted)) throw new Error(`the simulation gives ${text(seen)}`)
  })
  await call('simulation without funds', (client, side) => client.simulateBlocks({
    blocks: [{ calls: [{ from: '0xc000000000000000000000000000000000000000', to: side.probe, value: 1n }] }]
  }), { fails: true })

  for (const mode of ['anvil', 'hardhat']) {
    const test = (title, action, options) => call(`${mode}: ${title}`, (_, side, all) => action(all[mode], side), options)
    await test('balance, nonce, code, storage', async (client, { probe }) => {
      await client.setBalance({ address: somebody, value: 10n ** 18n })
      await client.setNonce({ address: somebody, nonce: 9 })
      await client.setStorageAt({ address: probe, index: 0, value: viem.pad('0x2a') })
      await client.setCode({ address: '0x00000000000000000000000000000000000abcdf', bytecode: '0x600160005260206000f3' })
      if (await client.readContract({ address: probe, abi, functionName: 'value' }) !== 42n) throw new Error('the storage is not set')
    })
    await test('impersonation', async client => {
      await client.setBalance({ address: somebody, value: 10n ** 18n })
      await client.impersonateAccount({ address: somebody })
      await client.sendTransaction({ account: somebody, to: second, value: 1n })
      await client.stopImpersonatingAccount({ address: somebody })
    })
    await test('blocks and time', async client => {
      await client.mine({ blocks: 2, interval: 3 })
      await client.increaseTime({ seconds: 60 })
      await client.setNextBlockTimestamp({ timestamp: (await client.getBlock()).timestamp + 1_000n })
      await client.mine({ blocks: 1 })
      await client.setNextBlockBaseFeePerGas({ baseFeePerGas: 1_000_000_000n })
      await client.mine({ blocks: 1 })
      await client.setBlockGasLimit({ gasLimit: 10_000_000_000n })
    })
    await test('interval between blocks', async client => {
      await client.setBlockTimestampInterval({ interval: 5 })
      await client.removeBlockTimestampInterval()
    })
    await test('manual mining, interval, and the pool', async client => {
      await client.setAutomine(false)
      const hash = await client.sendTransaction({ to: second, value: 1n, gas: 5_000_000n })
      await client.getTxpoolStatus()
      await client.getTxpoolContent()
      await client.inspectTxpool()
      await client.dropTransaction({ hash })
      await client.setIntervalMining({ interval: 0 })
      await client.setAutomine(true)
    })
    await test('automine is known', client => client.getAutomine())
    await test('log of requests', client => client.setLoggingEnabled(true))
    await test('miner', client => client.setCoinbase({ address: somebody }))
    await test('least gas price', client => client.setMinGasPrice({ gasPrice: 1n }), { fails: true })
    await test('URL of a fork', client => client.setRpcUrl('http://127.0.0.1:1'), { fails: mode === 'hardhat' })
    await test('unsigned transaction', client => client.sendUnsignedTransaction({ from: second, to: somebody, value: 1n }))
    await test('snapshot', async client => client.revert({ id: await client.snapshot() }))
  }
})

// Other chains than that of the other flows. `reset` of viem sends a fork without a URL, which neither node takes.
export const viemAnew = beside => beside.suite('viem anew', async (flow, sides) => {
  for (const side of sides) side.clients = clients(side)
  for (const mode of ['anvil', 'hardhat']) {
    await flow(`${mode}: state written and read`, side => async () => {
      const client = side.clients[mode]
      await client.loadState({ state: await client.dumpState() })
      if (await client.getBalance({ address: second }) === 0n) throw new Error('the balance is lost')
    })
    await flow(`${mode}: reset`, side => () => side.clients[mode].reset(), { fails: true })
  }
}, { undone: false })
