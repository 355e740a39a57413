// OpenZeppelin's contracts and upgrade plug-in, both from npm: transparent, UUPS and beacon proxies.
import { cpSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { Hardhat, emptyProject, here } from './hardhat.mjs'

export const runOpenZeppelin = (url, folder) => {
  emptyProject(folder)
  cpSync(join(here, 'openzeppelin'), folder, { recursive: true })
  const hardhat = new Hardhat(folder, { SUITE_URL: url })
  hardhat.run('compile')
  return hardhat.test(...readdirSync(join(folder, 'test')).map(file => `test/${file}`))
}
