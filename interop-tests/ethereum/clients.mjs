// The part of CI: cast, forge, ethers, viem, web3 and iso-filecoin against a running node.
import { execFile } from 'node:child_process'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { ethers } from 'ethers'
import * as viem from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { Web3 } from 'web3'
import { check, contains, equal, rejects, skip } from './check.mjs'
import { compile } from './compile.mjs'
import { checkFilecoin } from './filecoin.mjs'
import { nodeUrl, url } from './session.mjs'
import { ask } from './sides.mjs'

const socketUrl = url.replace('http', 'ws')
const key = '0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80'
const second = '0x70997970C51812dc3A010C7d01b50e0d17dc79C8'
const folder = dirname(fileURLToPath(import.meta.url))
const require = createRequire(import.meta.url)
const { Token, Probe } = compile()
const run = promisify(execFile)

const foundry = async (tool, ...args) => {
  const program = join(dirname(require.resolve(`@foundry-rs/${tool}-linux-amd64/package.json`)), 'bin', tool)
  const { stdout } = await run(program, args, { cwd: folder, timeout: 120_000, env: { ...process.env, NO_COLOR: '1' } })
  return stdout.trim()
}

const cast = (...args) => foundry('cast', args[0], '--rpc-url', url, ...args.slice(1))

if (process.platform === 'linux' && process.arch === 'x64') {
  let probe
  await check('cast: chain, block and balance', async () => {
    equal(await cast('chain-id'), 31415926)
    contains(await cast('block', 'latest'), 'transactionsRoot')
    equal(await cast('balance', '0x0000000000000000000000000000000000001234'), 0)
    contains(await cast('client'), 'anvil/')
  })
  await check('forge: create', async () => {
    const output = await foundry(
      'forge', 'create', 'contracts/Probe.sol:Probe', '--rpc-url', url, '--private-key', key, '--broadcast', '--use', './solc.mjs')
    probe = /Deployed to: (0x\w{40})/.exec(output)?.[1]
    contains(output, 'Deployed to')
    if ((await cast('code', probe)).length < 100) throw new Error('there is no code')
  })
  await check('cast: send, call, logs, storage', async () => {
    contains(await cast('send', probe, 'set(uint256)', '42', '--private-key', key), '1 (success)')
    equal(await cast('call', probe, 'value()(uint256)'), 42)
    contains(await cast('logs', '--from-block', '0', '--address', probe, 'Changed(address,uint256)'), 'topics')
    contains(await cast('storage', probe, '0'), '2a')
  })
  await check('cast: legacy transaction', async () =>
    contains(await cast('send', second, '--value', '1', '--legacy', '--private-key', key), '1 (success)'))
  await check('cast: reasons of reverts', async () => {
    await rejects(cast('call', probe, 'fail()'), 'execution reverted', 'not today')
    await rejects(cast('estimate', probe, 'failWith(uint256)', '9'), 'execution reverted')
  })
  await check('cast: unlocked account', async () =>
    contains(await cast('send', second, '--value', '1', '--unlocked', '--from', second), '1 (success)'))
  await check('cast: rpc, nonce, receipt', async () => {
    const hash = JSON.parse(await cast('rpc', 'eth_getBlockByNumber', 'latest', 'false')).transactions[0]
    contains(await cast('receipt', hash), 'gasUsed')
    contains(await cast('tx', hash), 'nonce')
    equal(await cast('nonce', second), 1)
  })
  await check('cast: simulation', async () => {
    const payload = { blockStateCalls: [{ calls: [{ from: second, to: second, value: '0x1' }] }], traceTransfers: true }
    const [block] = JSON.parse(await cast('rpc', 'eth_simulateV1', JSON.stringify(payload), 'latest'))
    equal(block.calls[0].status, '0x1')
    equal(block.calls[0].logs.length, 1, 'transfers')
  })
} else {
  skip('cast and forge', 'there are binaries for x86-64 only')
}

const provider = new ethers.JsonRpcProvider(url, undefined, { cacheTimeout: -1, pollingInterval: 50 })
const wallet = new ethers.Wallet(key, provider)
let contract
await check('ethers: deploy, send, event, read', async () => {
  contract = await new ethers.ContractFactory(Probe.abi, Probe.bytecode, wallet).deploy()
  await contract.waitForDeployment()
  const receipt = await (await contract.set(7)).wait()
  equal(receipt.status, 1, 'status')
  equal(receipt.logs[0].fragment.name, 'Changed', 'event')
  equal(await contract.value(), 7)
  equal((await contract.queryFilter('Changed', 0)).length, 1, 'events')
})
await check('ethers: reasons of reverts', async () => {
  equal((await rejects(contract.fail())).reason, 'not today')
  const error = await rejects(contract.failWith(9))
  equal(contract.interface.parseError(error.data).name, 'TooMuch')
  contains((await rejects(contract.panic(0))).message, 'DIVIDE_BY_ZERO')
})
await check('ethers: errors about transactions', async () => {
  const to = second
  const from = await wallet.getNonce()
  equal((await rejects(wallet.sendTransaction({ to, nonce: from - 1 }))).code, 'NONCE_EXPIRED')
  const poor = ethers.Wallet.createRandom().connect(provider)
  equal((await rejects(poor.sendTransaction({ to, value: 1, gasLimit: 5_000_000 }))).code, 'INSUFFICIENT_FUNDS')
})
await check('ethers: simulation', async () => {
  const to = await contract.getAddress()
  const calls = [{ to, data: contract.interface.encodeFunctionData('set', [9]) }, { to, data: contract.interface.encodeFunctionData('value') }]
  const [block] = await provider.send('eth_simulateV1', [{ blockStateCalls: [{ calls }] }, 'latest'])
  equal(BigInt(block.calls[1].returnData), 9n)
  equal(block.calls[0].logs[0].blockHash, block.hash)
  equal(await contract.value(), 7)
  const refused = await rejects(provider.send('eth_simulateV1', [{ blockStateCalls: [{ calls: [{ from: to, to, value: '0x1' }] }] }]))
  equal(refused.error.code, -38014)
})
await check('ethers: the node signs texts and typed data', async () => {
  const signer = await provider.getSigner(0)
  equal(await signer.signMessage('hello'), await wallet.signMessage('hello'))
  const data = [{ name: 'Test', chainId: 31415926 }, { Mail: [{ name: 'text', type: 'string' }] }, { text: 'hello' }]
  equal(await signer.signTypedData(...data), await wallet.signTypedData(...data))
})
await check('ethers: subscriptions by WebSocket', async () => {
  const socket = new ethers.WebSocketProvider(socketUrl)
  const blocks = []
  const logs = []
  await socket.on('block', number => blocks.push(number))
  await socket.on({ address: await contract.getAddress() }, log => logs.push(log))
  await socket.getBlockNumber()
  await (await contract.set(8)).wait()
  for (let i = 0; i < 100 && (blocks.length === 0 || logs.length === 0); i++) await new Promise(resolve => setTimeout(resolve, 20))
  equal(logs.length, 1, 'logs')
  if (blocks.length === 0) throw new Error('no block was announced')
  await socket.destroy()
})
provider.destroy()

const account = privateKeyToAccount(key)
const chain = viem.defineChain({
  id: 31415926, name: 'devnet', nativeCurrency: { name: 'FIL', symbol: 'FIL', decimals: 18 }, rpcUrls: { default: { http: [url] } }
})
const client = viem.createTestClient({ account, chain, mode: 'anvil', transport: viem.http(url), pollingInterval: 50 })
  .extend(viem.publicActions).extend(viem.walletActions)
let address
await check('viem: deploy, write, read, events', async () => {
  const deployed = await client.waitForTransactionReceipt({ hash: await client.deployContract({ ...Probe, account }) })
  address = deployed.contractAddress
  const hash = await client.writeContract({ address, abi: Probe.abi, functionName: 'set', args: [9n] })
  equal((await client.waitForTransactionReceipt({ hash })).status, 'success')
  equal(await client.readContract({ address, abi: Probe.abi, functionName: 'value' }), 9)
  equal((await client.getContractEvents({ address, abi: Probe.abi, fromBlock: 0n })).length, 1, 'events')
})
await check('viem: reasons of reverts', async () => {
  await rejects(client.simulateContract({ address, abi: Probe.abi, functionName: 'fail' }), 'not today')
  await rejects(client.simulateContract({ address, abi: Probe.abi, functionName: 'failWith', args: [9n] }), 'TooMuch')
})
await check('viem: watch events by a filter', async () => {
  const filter = await client.createContractEventFilter({ address, abi: Probe.abi })
  await client.waitForTransactionReceipt({ hash: await client.writeContract({ address, abi: Probe.abi, functionName: 'set', args: [10n] }) })
  equal((await client.getFilterChanges({ filter })).length, 1, 'events')
  equal((await client.getFilterChanges({ filter })).length, 0, 'events')
  equal(await client.uninstallFilter({ filter }), true)
})
await check('viem: snapshot and revert', async () => {
  const id = await client.snapshot()
  await client.waitForTransactionReceipt({ hash: await client.writeContract({ address, abi: Probe.abi, functionName: 'set', args: [11n] }) })
  await client.revert({ id })
  equal(await client.readContract({ address, abi: Probe.abi, functionName: 'value' }), 10)
})
await check('viem: time and mining', async () => {
  const { timestamp, number } = await client.getBlock()
  await client.setNextBlockTimestamp({ timestamp: timestamp + 77n })
  await client.mine({ blocks: 1 })
  const next = await client.getBlock()
  equal(next.timestamp, timestamp + 77n, 'timestamp')
  equal(next.number, number + 1n, 'number')
  await client.increaseTime({ seconds: 1000 })
  await client.mine({ blocks: 2, interval: 5 })
  equal((await client.getBlock()).number, number + 3n, 'number')
})
await check('viem: manual mining and the pool', async () => {
  await client.setAutomine(false)
  try {
    const hash = await client.sendTransaction({ to: second, value: 1n, gas: 5_000_000n })
    equal((await client.getTxpoolStatus()).pending, 1, 'pending')
    await client.dropTransaction({ hash })
    equal((await client.getTxpoolStatus()).pending, 0, 'pending')
  } finally {
    await client.setAutomine(true)
  }
})
await check('viem: balance, nonce, code, storage, impersonation', async () => {
  const other = '0x00000000000000000000000000000000000000aa'
  await client.setBalance({ address: other, value: 10n ** 18n })
  equal(await client.getBalance({ address: other }), 10n ** 18n)
  await client.impersonateAccount({ address: other })
  const hash = await client.sendTransaction({ account: other, to: second, value: 5n })
  equal((await client.waitForTransactionReceipt({ hash })).status, 'success')
  await client.stopImpersonatingAccount({ address: other })
  await rejects(client.sendTransaction({ account: other, to: second, value: 5n }), 'unknown account')
  await client.setNonce({ address: other, nonce: 20 })
  equal(await client.getTransactionCount({ address: other }), 20)
  await client.setStorageAt({ address, index: 0, value: viem.pad('0x63') })
  equal(await client.readContract({ address, abi: Probe.abi, functionName: 'value' }), 99)
  await client.setCode({ address: other, bytecode: await client.getCode({ address }) })
  equal(await client.readContract({ address: other, abi: Probe.abi, functionName: 'value' }), 0)
})
await check('viem: blocks and logs by WebSocket', async () => {
  const socket = viem.createPublicClient({ chain, transport: viem.webSocket(socketUrl) })
  const seen = { blocks: 0, logs: 0 }
  const ends = [
    socket.watchBlocks({ onBlock: () => seen.blocks++ }),
    socket.watchContractEvent({ address, abi: Probe.abi, onLogs: logs => { seen.logs += logs.length } })
  ]
  await new Promise(resolve => setTimeout(resolve, 300))
  await client.waitForTransactionReceipt({ hash: await client.writeContract({ address, abi: Probe.abi, functionName: 'set', args: [12n] }) })
  for (let i = 0; i < 100 && (seen.blocks === 0 || seen.logs === 0); i++) await new Promise(resolve => setTimeout(resolve, 20))
  ends.forEach(end => end())
  equal(seen.logs, 1, 'logs')
  if (seen.blocks === 0) throw new Error('no block was announced')
  ;(await socket.transport.getRpcClient()).close()
})

await check('web3: deploy, send, call', async () => {
  const web3 = new Web3(url)
  web3.eth.accounts.wallet.add(key)
  const from = account.address
  const token = await new web3.eth.Contract(Token.abi).deploy({ data: Token.bytecode }).send({ from })
  await token.methods.transfer(second, 5n).send({ from })
  equal(await token.methods.balanceOf(second).call(), 5)
})

await checkFilecoin(url, account.address.toLowerCase())

await check('refusals have their code and their reason', async () => {
  equal((await rejects(ask(nodeUrl, 'hardhat_metadata'))).code, -32601)
  equal((await rejects(ask(nodeUrl, 'eth_getProof', second, [], 'latest'))).code, -32601)
  equal((await rejects(ask(nodeUrl, 'eth_createAccessList', {}))).code, -32601)
  equal((await rejects(ask(nodeUrl, 'eth_none'))).code, -32601)
  equal((await rejects(ask(nodeUrl, 'eth_getBalance', 'nobody'))).code, -32602)
  equal((await rejects(ask(nodeUrl, 'eth_subscribe', 'newHeads'))).code, -32601)
})
