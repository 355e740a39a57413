// Contracts that Forest tests its node with: panics of constructors, estimates of nested calls, and the calls and changes of storage in traces.
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { ZeroHash, toBeHex, zeroPadValue } from 'ethers'
import { Cases, equal } from './cases.mjs'
import { compile } from './contracts.mjs'
import { client } from './rpc.mjs'
import { deploy, firstSigner } from './signer.mjs'

const panicSelector = '0x4e487b71'

// The codes that the compiler's documentation gives for what each constructor does.
const panics = {
  ArithmeticOverflow: 0x11,
  AssertFail: 0x01,
  DivideByZero: 0x12,
  GenericPanicFail: 0x00,
  ArrayIndexOutOfBounds: 0x32,
  InvalidEnum: 0x21,
  InvalidStorageArray: 0x22,
  OutOfMemoryFail: 0x41,
  PopEmptyArray: 0x31,
  UninitializedFunctionFail: 0x51
}

const codeOf = name => Object.entries(panics).find(([key]) => name.toLowerCase().startsWith(key.toLowerCase().replace(/fail$/, '')))?.[1]

export const runForest = async (url, checkout) => {
  const cases = new Cases()
  const ask = client(url)
  const { provider, signer } = await firstSigner(url)
  const from = await signer.getAddress()
  const places = {
    'api/': join(checkout, 'src/tool/subcommands/api_cmd/contracts'),
    'devnet/': join(checkout, 'src/dev/subcommands/devnet_cmd/contracts')
  }

  for (const folder of readdirSync(places['api/']).filter(name => name.endsWith('_err'))) {
    const file = readdirSync(join(places['api/'], folder)).find(name => name.endsWith('.sol'))
    const found = Object.entries(compile([`api/${folder}/${file}`], places)).filter(([name]) => !name.includes(':'))
    for (const [name, { bytecode }] of found) {
      await cases.run(`panic of ${name}`, async () => {
        const code = codeOf(name)
        if (code === undefined) throw new Error('the panic of this contract is not known')
        for (const method of ['eth_estimateGas', 'eth_call']) {
          const failure = await ask(method, { from, data: bytecode }, 'latest').then(() => null, error => error)
          equal([failure?.code, failure?.data], [3, panicSelector + zeroPadValue(toBeHex(code), 32).slice(2)], method)
        }
      })
    }
  }

  const { NestedGas } = compile(['devnet/nested_gas/nested_gas.sol'], places)
  const nested = await deploy(signer, NestedGas)
  let made = 0n
  for (const depth of [0, 1, 8, 32, 64]) {
    await cases.run(`estimate of ${depth} nested calls`, async () => {
      const receipt = await (await nested.recurse(depth)).wait()
      equal([receipt.status, await nested.acc()], [1, ++made], 'status, count')
    })
  }
  await cases.run('estimate of what a low limit makes revert', async () => {
    const gas = await nested.requiresHighGasLimit.estimateGas().then(value => value, error => error)
    if (gas instanceof Error) {
      if (!/gas limit too low/.test(gas.message)) throw gas
    } else {
      equal((await (await nested.requiresHighGasLimit({ gasLimit: gas })).wait()).status, 1, 'status with the estimate')
    }
  })

  const { Tracer } = compile(['api/tracer/Tracer.sol'], places)
  const tracer = await deploy(signer, Tracer, { value: 10n })
  const address = (await tracer.getAddress()).toLowerCase()
  const trace = async (name, ...rest) => {
    const data = tracer.interface.encodeFunctionData(name, rest)
    return ask('trace_call', { from, to: address, data }, ['trace', 'stateDiff'], 'latest')
  }
  const kinds = ({ trace: calls }) => calls.map(({ type, action }) => action.callType ?? type)
  const calls = [
    ['setX', [1], ['call']],
    ['callSelf', [2], ['call', 'call']],
    ['delegateSelf', [3], ['call', 'delegatecall']],
    ['staticRead', [], ['call']],
    ['deepTrace', [3], ['call', 'call', 'call', 'call']],
    ['mixedTrace', [3], ['call', 'call', 'staticcall', 'delegatecall']],
    ['wideTrace', [2, 2], Array(7).fill('call')],
    ['complexTrace', [], ['call', 'call', 'delegatecall', 'call', 'call', 'staticcall']]
  ]
  for (const [name, values, expected] of calls) {
    await cases.run(`trace of ${name}`, async () => {
      equal(kinds(await trace(name, ...values)), expected, 'trace_call')
      const receipt = await (await tracer[name].send(...values)).wait()
      equal((await ask('trace_transaction', receipt.hash)).map(({ type, action }) => action.callType ?? type), expected, 'trace_transaction')
    })
  }
  await cases.run('trace of a creation', async () => {
    equal(kinds(await trace('createChild')), ['call', 'create'], 'trace_call')
  })
  for (const [name, values, depth] of [['doRevert', [], 1], ['failAtDepth', [3, 1], 3]]) {
    await cases.run(`trace of a revert by ${name}`, async () => {
      const { trace: made } = await trace(name, ...values)
      equal(made.map(({ error }) => error), Array(depth).fill('Reverted'), 'errors')
    })
  }
  const slot = number => zeroPadValue(toBeHex(number), 32)
  const changes = async (name, ...values) => (await trace(name, ...values)).stateDiff[address].storage
  await cases.run('storage: added, changed, removed', async () => {
    // A slot of an account that is there has always had a value: zero, in the form of OpenEthereum, reth and anvil.
    const change = (before, after) => ({ '*': { from: slot(before), to: slot(after) } })
    equal(await changes('storageAdd', 7), { [slot(2)]: change(0, 7) }, 'added')
    await (await tracer.storageAdd(7)).wait()
    equal(await changes('storageChange', 8), { [slot(2)]: change(7, 8) }, 'changed')
    equal(await changes('storageDelete'), { [slot(2)]: change(7, 0) }, 'removed')
    await (await tracer.storageMultiple(1, 2, 0)).wait()
    equal(await changes('storageMixed', 4, 5), { [slot(2)]: change(1, 4), [slot(3)]: change(2, 0), [slot(4)]: change(0, 5) }, 'three at once')
    equal(await ask('eth_getStorageAt', address, '0x4', 'latest'), ZeroHash, 'nothing is kept of a call')
  })
  await cases.run('money in and out', async () => {
    await (await tracer.deposit({ value: 5n })).wait()
    equal([await tracer.balances(from), await provider.getBalance(address)], [5n, 15n], 'balances')
    await (await tracer.withdraw(4n)).wait()
    equal(await provider.getBalance(address), 11n, 'balance')
  })
  provider.destroy()
  return cases.results
}
