// The localnet suites of filecoin-solidity: its own test files, run by Hardhat on the node, with stand-ins for Lotus's command lines.
import { chmodSync, cpSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Hardhat, emptyProject, here } from './hardhat.mjs'
import { client } from './rpc.mjs'

const enough = 600_000_000n * 10n ** 18n

const executable = (path, text) => {
  writeFileSync(path, `#!/bin/sh\n${text}\n`)
  chmodSync(path, 0o755)
}

export const runFilecoinSolidity = async (url, checkout, folder) => {
  emptyProject(folder)
  for (const name of ['contracts', 'hh-test', 'tsconfig.json']) cpSync(join(checkout, name), join(folder, name), { recursive: true })
  for (const name of ['hardhat.config.ts', 'preload.cjs']) cpSync(join(here, 'filecoin-solidity', name), join(folder, name))

  // What the container of their tests has.
  const environment = join(folder, 'lib-dev', 'dev-env')
  mkdirSync(join(environment, '.internal'), { recursive: true })
  writeFileSync(join(environment, '.internal', 'verifier1.txt'), 't080\n')
  for (const name of ['2_restart-localnet.sh', '4_kill-lotus-ps.sh']) executable(join(environment, name), 'exit 0')
  mkdirSync(join(folder, 'bin'))
  for (const name of ['lotus', 'lotus-miner', 'lotus-shed']) {
    executable(join(folder, 'bin', name), `NODE_OPTIONS= exec "${process.execPath}" "${join(here, 'lotus.mjs')}" ${name} "$@"`)
  }
  const signer = join(folder, 'signer.cjs')
  writeFileSync(signer, 'exports.FilecoinClient = class {}\nexports.FilecoinSigner = class {}\n')

  const hardhat = new Hardhat(folder, {
    PATH: `${join(folder, 'bin')}:${process.env.PATH}`,
    NODE_OPTIONS: `--require=${join(folder, 'preload.cjs')}`,
    SUITE_FOLDER: folder,
    SUITE_SIGNER: signer,
    SUITE_URL: url
  })

  // Actors of development networks demand no collateral of providers; mainnet's a share of what circulates: nothing, if the reserve has all.
  await client(url)('fvm_call', { from: 't02', to: 't090', method: 0, value: String(enough) })
  hardhat.run('compile')
  // Their provider keeps a nonce for a quarter of a second, in which a network without waiting has used it.
  await client(url)('evm_setIntervalMining', 1)
  try {
    return runTests(hardhat, folder)
  } finally {
    await client(url)('evm_setAutomine', true)
  }
}

const runTests = (hardhat, folder) => {
  hardhat.run('run', '--no-compile', 'hh-test/_deployProxies.ts')
  return hardhat.test(...['e2e', 'upgradeable'].flatMap(kind =>
    readdirSync(join(folder, 'hh-test', 'localnet', kind)).map(file => `hh-test/localnet/${kind}/${file}`)))
}
