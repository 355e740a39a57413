// Hardhat 3 with its toolbox for viem, Ignition and network helpers, on a Node of its own.
import { cpSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'

// `work`: a folder with node_modules in which each node gets a copy of the project. `node`: a Node that Hardhat 3 takes.
export const hardhat3 = (beside, { work, project, contracts, node, env }) => beside.suite('hardhat 3', async (flow, sides) => {
  const folder = side => join(work, side.name)
  for (const side of sides) {
    rmSync(folder(side), { recursive: true, force: true })
    cpSync(project, folder(side), { recursive: true })
    for (const from of contracts) cpSync(from, join(folder(side), 'contracts', from.split('/').at(-1)))
  }
  const hardhat = (...args) => () => [node, join(work, 'node_modules/hardhat/dist/src/cli.js'), ...args]
  const on = (...args) => hardhat('--network', 'devnet', ...args)
  const options = side => ({ cwd: folder(side), env: { ...env, NODE_URL: side.url } })

  await flow('build', hardhat('build'), { options })
  for (const test of ['contracts', 'fees', 'helpers', 'drop', 'ignition', 'coinbase', 'randao']) {
    await flow(`test ${test}`, on('test', 'nodejs', `test/${test}.js`), { options, fails: test === 'randao' })
  }
  await flow('run a script with the test client', on('run', 'scripts/client.js'), { options })
  await flow('ignition deploy', on('ignition', 'deploy', 'ignition/modules/shop.js', '--deployment-id', 'shop'), {
    options,
    after: (_, side) => {
      side.made.token = JSON.parse(readFileSync(join(folder(side), 'ignition/deployments/shop/deployed_addresses.json')))['Shop#Token']
    }
  })
  await flow('ignition deploy again changes nothing', on('ignition', 'deploy', 'ignition/modules/shop.js', '--deployment-id', 'shop'), { options })
  await flow('fork of the node', hardhat('--network', 'forked', 'run', 'scripts/forked.js'), {
    options: side => ({ cwd: folder(side), env: { ...env, NODE_URL: side.url, TOKEN: side.made.token } })
  })
})
