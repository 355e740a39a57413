// The log of opcodes (debug_trace* without a tracer): that of each transaction and call is the same on both nodes, step by step, without gas.
import * as viem from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { check, equal } from '../check.mjs'
import { compile } from '../compile.mjs'

// Nobody else uses it, so that contracts have the same addresses on both.
const account = privateKeyToAccount(`0x${'0b'.repeat(32)}`)
const somebody = '0x00000000000000000000000000000000000abcde'
const all = { enableMemory: true, enableReturnData: true }

// Without what chains give otherwise: gas, and the texts of errors. Geth leaves empty data out, anvil does not.
const comparable = ({ failed, returnValue, structLogs }) => ({
  failed,
  returnValue,
  structLogs: structLogs.map(({ gas, gasCost, refund, refundCounter, error, returnData, ...step }) => ({
    ...step, ...returnData && returnData !== '0x' ? { returnData } : {}, error: error !== undefined
  }))
})

const textOf = value => JSON.stringify(value, (_, inner) => inner?.constructor === Object ? Object.fromEntries(Object.entries(inner).sort()) : inner)

// Called with the output of each side: one step per line.
const alike = () => {
  let first
  return (output, { name }) => {
    const lines = output.split('\n')
    first ??= { name, lines }
    const at = lines.findIndex((line, index) => line !== first.lines[index])
    if (at >= 0 || lines.length !== first.lines.length) {
      throw new Error(`line ${at} of ${lines.length} and ${first.lines.length}: ${name} has ${lines[at]}, and ${first.name} ${first.lines[at]}`)
    }
  }
}

const linesOf = trace => {
  const { structLogs, ...rest } = comparable(trace)
  return [textOf(rest), ...structLogs.map(textOf)].join('\n')
}

export const opcodes = beside => beside.suite('opcodes', async (flow, sides) => {
  const { Steps } = compile()
  const { abi } = Steps
  for (const side of sides) {
    const chain = viem.defineChain({
      id: 31415926, name: 'devnet', nativeCurrency: { name: 'FIL', symbol: 'FIL', decimals: 18 }, rpcUrls: { default: { http: [side.url] } }
    })
    side.client = viem.createWalletClient({ account, chain, transport: viem.http(side.url, { retryCount: 0 }), pollingInterval: 50 })
      .extend(viem.publicActions)
    side.most = side.name === 'ours' ? 5_000_000_000n : 16_000_000n
    await side.ask('anvil_setBalance', account.address, viem.numberToHex(10n ** 22n))
  }
  const send = async ({ client, most }, transaction) => {
    const hash = await client.sendTransaction({ gas: most, ...transaction })
    return client.waitForTransactionReceipt({ hash })
  }
  const trace = ({ client }, hash, options = all) => client.request({ method: 'debug_traceTransaction', params: [hash, options] })
  // `kept`: by which name later flows find the transaction.
  const traced = (title, transaction, kept) => flow(title, side => async () => {
    const { transactionHash, contractAddress } = await send(side, transaction(side))
    if (contractAddress) side.contract ??= contractAddress
    if (kept) side.made[kept] = transactionHash
    return linesOf(await trace(side, transactionHash))
  }, { after: alike() })
  const calling = (functionName, args, value) => ({ contract }) => ({
    to: contract, value, data: viem.encodeFunctionData({ abi, functionName, args })
  })

  const none = viem.pad('0x')
  const salt = viem.pad('0x5a')
  const deploying = start => () => ({ data: viem.encodeDeployData({ abi, bytecode: Steps.bytecode, args: [start] }) })
  await traced('deployment', deploying(5n))
  await traced('deployment of one that only returns', () => ({ data: '0x600160005260206000f3' }))
  await traced('deployment of nothing', () => ({ data: '0x00' }))
  await traced('deployment that reverts', () => ({ data: '0x63deadbeef6000526004601cfd' }))
  await traced('loops, memory, hashes, storage, events', calling('sum', [7n]), 'sum')
  await traced('creation in a call', calling('create', [3n, none], 9n), 'create')
  await traced('creation by salt', calling('create', [4n, salt]))
  await traced('creation again at the same address', calling('create', [4n, salt]))
  await traced('creation that fails', calling('create', [13n, none]))
  await traced('call of another contract', calling('callChild', [8n]), 'callChild')
  for (let depth = 0n; depth < 8n; depth++) await traced(`revert at depth ${depth}`, calling('descend', [depth]), 'descend')
  await traced('panic', calling('divide', [0n]))
  await traced('input that is too short', ({ contract }) => ({ to: contract, data: '0x188b' }))
  await traced('no input', ({ contract }) => ({ to: contract, value: 1n }))
  for (let how = 0n; how < 5n; how++) await traced(`end of a call, ${how}`, calling('fails', [how]))
  await traced('transfer by a contract', calling('send', [somebody], 2n))
  await traced('transfer by a contract to none', calling('send', ['0x00000000000000000000000000000000000fade1'], 2n))
  await traced('transient storage, precompiles, copies, arithmetic', calling('mix', []), 'mix')
  await traced('transfer to an account', () => ({ to: somebody, value: 1n }))

  for (const [title, options] of [
    ['no options', {}], ['no stack', { disableStack: true }], ['no storage', { disableStorage: true }], ['memory', { enableMemory: true }],
    ['returned data', { enableReturnData: true }], ['none of all', { disableStack: true, disableStorage: true }],
    ['memory by its old name', { disableMemory: false }], ['no memory by its old name', { disableMemory: true }]
  ]) {
    for (const name of ['sum', 'callChild', 'descend', 'mix']) {
      await flow(`${title}: ${name}`, side => async () => linesOf(await trace(side, side.made[name], options)), { after: alike() })
    }
  }
  await flow('no options at all', side => async () => linesOf(
    await side.client.request({ method: 'debug_traceTransaction', params: [side.made.sum] })
  ), { after: alike() })
  for (const [functionName, args] of [['sum', [3n]], ['divide', [0n]], ['descend', [5n]], ['create', [6n, none]], ['mix', []], ['fails', [0n]]]) {
    await flow(`traced call: ${functionName}`, side => async () => {
      const call = { from: account.address, to: side.contract, data: viem.encodeFunctionData({ abi, functionName, args }) }
      return linesOf(await side.client.request({
        method: 'debug_traceCall', params: [{ ...call, gas: viem.numberToHex(side.most) }, 'latest', all]
      }))
    }, { after: alike() })
  }
  await flow('traced call of a creation', side => async () => linesOf(await side.client.request({
    method: 'debug_traceCall', params: [{ from: account.address, ...deploying(1n)(), gas: viem.numberToHex(side.most) }, 'latest', all]
  })), { after: alike() })

  await check('opcodes: a block has the logs of its transactions', async () => {
    const [{ client, made }] = sides
    const { blockNumber, blockHash } = await client.getTransactionReceipt({ hash: made.sum })
    const one = linesOf(await trace({ client }, made.sum))
    for (const [by, block] of [['Number', viem.numberToHex(blockNumber)], ['Hash', blockHash]]) {
      const [{ txHash, result }] = await client.request({ method: `debug_traceBlockBy${by}`, params: [block, all] })
      equal(txHash, made.sum, 'the transaction')
      equal(linesOf(result), one, 'the log')
    }
  })
  await check('opcodes: a limit is a number of steps', async () => {
    const [{ client, made }] = sides
    equal((await trace({ client }, made.sum, { limit: 12 })).structLogs.length, 12, 'steps')
  })
})
