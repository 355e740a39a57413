// Hardhat 2 with its toolbox, Ignition, network helpers, and OpenZeppelin's plug-in for upgrades.
import { cpSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { Transaction } from 'ethers'

const createX = '0xba5Ed099633D3B313e4D5F7bdc1305d3c28ba5Ed'

// Ignition's strategy needs CreateX at its address, where Ignition puts it on chain 31337 alone. The contract has its own address in its code.
const placeCreateX = async (side, work) => {
  const require = createRequire(join(work, 'package.json'))
  const entry = require.resolve('@nomicfoundation/ignition-core')
  const { presignedTx } = require(join(dirname(entry), 'internal/execution/strategy/createx-artifact.js'))
  const address = await side.deploy(Transaction.from(presignedTx).data)
  const code = await side.ask('eth_getCode', address, 'latest')
  await side.ask('anvil_setCode', createX, code.replaceAll(address.slice(2).toLowerCase(), createX.slice(2).toLowerCase()))
}

// `work`: a folder with node_modules in which each node gets a copy of the project.
export const hardhat2 = (beside, { work, project, contracts, env }) => beside.suite('hardhat 2', async (flow, sides) => {
  const folder = side => join(work, side.name)
  for (const side of sides) {
    rmSync(folder(side), { recursive: true, force: true })
    cpSync(project, folder(side), { recursive: true })
    cpSync(contracts, join(folder(side), 'contracts'), { recursive: true })
  }
  const hardhat = (...args) => () => [join(work, 'node_modules/.bin/hardhat'), ...args]
  const on = (...args) => hardhat(...args, '--network', 'localhost')
  const options = side => ({ cwd: folder(side), env: { ...env, NODE_URL: side.url } })
  const deployed = side => JSON.parse(readFileSync(join(folder(side), 'ignition/deployments', 'shop', 'deployed_addresses.json')))

  await flow('compile', hardhat('compile'), { options })
  for (const test of ['fixture', 'calls', 'fees', 'sent', 'time', 'state', 'coinbase', 'randao', 'upgrades']) {
    await flow(`test ${test}`, on('test', `test/${test}.js`), { options, fails: test === 'randao' })
  }
  await flow('run a script', on('run', 'scripts/deploy.js'), { options })
  await flow('ignition deploy', on('ignition', 'deploy', 'ignition/modules/shop.js', '--deployment-id', 'shop'), {
    options,
    after: (_, side) => { side.made.token = deployed(side)['Shop#Token'] }
  })
  await flow('ignition deploy again changes nothing', on('ignition', 'deploy', 'ignition/modules/shop.js', '--deployment-id', 'shop'), { options })
  await flow('ignition status', hardhat('ignition', 'status', 'shop'), { options })
  for (const side of sides) await placeCreateX(side, work)
  await flow('ignition deploy by CREATE2', on('ignition', 'deploy', 'ignition/modules/bank.js', '--deployment-id', 'bank', '--strategy', 'create2'), {
    options
  })
  await flow('fork of the node', hardhat('run', 'scripts/forked.js'), {
    options: side => ({ cwd: folder(side), env: { ...env, NODE_URL: side.url, FORKED_URL: side.url, TOKEN: side.made.token } })
  })
  await flow('verify', on('verify', '0x00000000000000000000000000000000000abcde'), { options, fails: true })
})
