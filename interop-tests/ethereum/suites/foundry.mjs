// forge and cast: each command that speaks with a node.
import { cpSync, rmSync, symlinkSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { contains } from '../check.mjs'

const require = createRequire(import.meta.url)
const key = '0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80'
const tenth = '0x2a871d0798f97d79848a013d4936a73bf4cc922c825d33c1cf7073dff6d409c6'
const first = '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266'
const second = '0x70997970C51812dc3A010C7d01b50e0d17dc79C8'
const third = '0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC'
const program = tool => join(dirname(require.resolve(`@foundry-rs/${tool}-linux-amd64/package.json`)), 'bin', tool)

// `lenient`: our node with --lenient-gas.
export const foundry = (beside, { work, project, contracts, env, lenient }) => beside.suite('foundry', async (flow, sides) => {
  const folder = side => join(work, side.name)
  for (const side of sides) {
    rmSync(folder(side), { recursive: true, force: true })
    cpSync(project, folder(side), { recursive: true })
    cpSync(contracts, join(folder(side), 'src'), { recursive: true })
    symlinkSync(join(contracts, '../node_modules'), join(folder(side), 'node_modules'))
  }
  const options = side => ({ cwd: folder(side), env: { ...env, PROBE: side.made.probe } })
  const of = (side, arg) => typeof arg === 'function' ? arg(side) : arg
  const cast = (command, ...args) => side => [program('cast'), command, '--rpc-url', side.url, ...args.map(arg => of(side, arg))]
  const forge = (...args) => side => [program('forge'), ...args, '--rpc-url', side.url]
  const probe = side => side.made.probe
  const hash = side => side.made.hash
  const withKey = ['--private-key', key]
  const keep = (name, pattern) => (output, side) => { side.made[name] = pattern.exec(output)?.[1] }

  await flow('build', () => [program('forge'), 'build'], { options })
  await flow('create', forge('create', 'src/Probe.sol:Probe', ...withKey, '--broadcast'), {
    options, after: keep('probe', /Deployed to: (0x\w{40})/)
  })
  await flow('create by an account of the node', forge('create', 'src/Token.sol:Token', '--unlocked', '--from', second, '--broadcast'), {
    options, after: keep('token', /Deployed to: (0x\w{40})/)
  })
  await flow('create as a legacy transaction', forge('create', 'src/Probe.sol:Probe', ...withKey, '--legacy', '--broadcast'), { options })

  await flow('cast send', cast('send', probe, 'set(uint256)', '42', ...withKey), { after: keep('hash', /transactionHash\s+(0x\w{64})/) })
  for (const [title, ...args] of [
    ['chain-id', 'chain-id'], ['client', 'client'], ['block-number', 'block-number'], ['gas-price', 'gas-price'], ['base fee', 'base-fee'],
    ['age', 'age', 'latest'], ['balance', 'balance', first], ['balance at a block', 'balance', first, '--block', '0'], ['nonce', 'nonce', first],
    ['code', 'code', probe], ['codesize', 'codesize', probe], ['codehash', 'codehash', probe], ['storage', 'storage', probe, '0'],
    ['storage-root', 'storage-root', probe], ['proof', 'proof', probe, '0x0'], ['receipt', 'receipt', hash], ['tx', 'tx', hash],
    ['tx in raw form', 'tx', hash, '--raw'], ['call', 'call', probe, 'value()(uint256)'],
    ['call with another balance', 'call', probe, 'value()', '--override-balance', `${first}:0x10`],
    ['call with another storage', 'call', probe, 'value()', '--override-state-diff', side => `${side.made.probe}:0x0:0x63`],
    ['call of a creation', 'call', '--create', '0x600160005260206000f3'], ['estimate', 'estimate', probe, 'set(uint256)', '9', '--from', first],
    ['estimate of a creation', 'estimate', '--from', first, '--create', '0x6001600055'],
    ['access-list', 'access-list', probe, 'set(uint256)', '9'], ['logs', 'logs', '--from-block', '0', '--address', probe, 'Changed(address,uint256)'],
    ['find-block', 'find-block', '1800000000'], ['tx-pool status', 'tx-pool', 'status'], ['tx-pool content', 'tx-pool', 'content'],
    ['tx-pool inspect', 'tx-pool', 'inspect'], ['rpc', 'rpc', 'eth_getBlockByNumber', 'latest', 'false'],
    ['rpc for a simulation', 'rpc', 'eth_simulateV1', `{"blockStateCalls":[{"calls":[{"from":"${first}","to":"${second}","value":"0x1"}]}]}`, 'latest'],
    ['rpc for the receipts of a block', 'rpc', 'eth_getBlockReceipts', 'latest'], ['rpc for another block', 'rpc', 'evm_mine'],
    ['send, legacy', 'send', second, '--value', '1', '--legacy', ...withKey], ['send --async', 'send', second, '--value', '1', '--async', ...withKey],
    ['send --sync', 'send', second, '--value', '1', '--sync', ...withKey],
    ['send --unlocked', 'send', first, '--value', '1', '--unlocked', '--from', second],
    ['send to an address that is new', 'send', '0x00000000000000000000000000000000000fade0', '--value', '1', ...withKey],
    ['send of a creation', 'send', ...withKey, '--create', '0x600160005260206000f3'],
    ['trace', 'trace', hash], ['run', 'run', hash, '--quick']
  ]) {
    await flow(`cast ${title}`, title.startsWith('tx-pool')
      ? side => [program('cast'), 'tx-pool', args[1], '--rpc-url', side.url]
      : cast(...args), { options: () => ({ env }) })
  }
  for (const tag of ['latest', 'pending', 'finalized', 'safe', 'earliest', '0']) await flow(`cast block ${tag}`, cast('block', tag))
  await flow('cast block with transactions', cast('block', 'latest', '--full'))
  await flow('cast call that reverts', cast('call', probe, 'fail()'), { fails: true, after: output => contains(output, 'not today') })
  await flow('cast call that reverts by an error', cast('call', probe, 'failWith(uint256)', '9'), { fails: true })
  await flow('cast send that reverts', cast('send', probe, 'fail()', ...withKey), { fails: true, after: output => contains(output, 'not today') })
  await flow('cast send without money', cast('send', first, '--value', '1', '--private-key', `0x${'11'.repeat(32)}`), { fails: true })
  await flow('cast send with an old nonce', cast('send', second, '--value', '1', '--nonce', '0', ...withKey), { fails: true })
  await flow('cast send with too little gas', cast('send', probe, 'set(uint256)', '5', '--gas-limit', '1000', ...withKey), { fails: true })
  await flow('cast send with a blob', cast('send', second, '--blob', '--path', '/dev/null', ...withKey))
  await flow('cast mktx', cast('mktx', second, '--value', '3', ...withKey), { after: keep('raw', /(0x02\w+)/) })
  await flow('cast publish', cast('publish', side => side.made.raw))
  await flow('cast publish again', cast('publish', side => side.made.raw), { fails: true })
  const socket = side => side.url.replace('http', 'ws')
  await flow('cast call by WebSocket', side => [program('cast'), 'call', '--rpc-url', socket(side), side.made.probe, 'value()(uint256)'], {
    after: output => contains(output, '42')
  })

  const scriptBy = (sender, name, ...more) => forge('script', 'script/Deploy.s.sol', '--sig', `${name}()`, '--private-key', sender, ...more)
  const script = (name, ...more) => scriptBy(key, name, ...more)
  await flow('script without sending', script('run'), { options })
  await flow('script --broadcast', script('run', '--broadcast'), { options })
  await flow('script --broadcast --skip-simulation', script('run', '--broadcast', '--skip-simulation'), { options })
  await flow('script --resume', script('run', '--resume', '--skip-simulation'), { options })
  await flow('script --broadcast --slow', script('run', '--broadcast', '--skip-simulation', '--slow'), { options })
  // anvil refuses a part of them, and keeps those behind: nobody else uses that account.
  await flow('script with a multiple of its own estimate', scriptBy(tenth, 'run', '--broadcast', '--gas-estimate-multiplier', '25000'), { options })
  await flow('script with CREATE2', script('salted', '--broadcast', '--skip-simulation'), { options })
  await flow('script of more than a batch', script('many', '--broadcast', '--skip-simulation'), { options })
  await flow('script that reverts', script('failing', '--broadcast'), { options, fails: true })
  const leniently = side => ({ url: side.name === 'ours' ? lenient : side.url })
  await flow('script on a node that is lenient', side => script('run', '--broadcast')(leniently(side)), { options })
  await flow('script of more than a batch on a node that is lenient', side => script('many', '--broadcast')(leniently(side)), { options })
  await flow('test on a fork', side => [program('forge'), 'test', '--fork-url', side.url], { options })
  await flow('inspect', () => [program('forge'), 'inspect', 'Probe', 'abi'], { options })
  for (const side of sides) contains(await side.ask('eth_getBalance', third, 'latest'), '0x')
})
