// Compiles the contracts by the compiler from npm.
import { readFileSync, readdirSync } from 'node:fs'
import { createRequire } from 'node:module'

const require = createRequire(import.meta.url)
const solc = require('solc')
const contracts = new URL('contracts/', import.meta.url)

const reader = folder => path => {
  try {
    return { contents: readFileSync(path.startsWith('@') ? require.resolve(path) : new URL(path, folder), 'utf8') }
  } catch (error) {
    return { error: error.message }
  }
}

// The contract of each file of a folder: { abi, bytecode }.
export const compile = (folder = contracts) => {
  const files = readdirSync(folder)
  const output = JSON.parse(solc.compile(JSON.stringify({
    language: 'Solidity',
    sources: Object.fromEntries(files.map(file => [file, { content: readFileSync(new URL(file, folder), 'utf8') }])),
    settings: { evmVersion: 'cancun', optimizer: { enabled: true }, outputSelection: { '*': { '*': ['abi', 'evm.bytecode.object'] } } }
  }), { import: reader(folder) }))
  const errors = (output.errors ?? []).filter(error => error.severity === 'error')
  if (errors.length > 0) throw new Error(errors[0].formattedMessage)
  return Object.fromEntries(files.map(file => {
    const name = file.replace('.sol', '')
    const contract = output.contracts[file][name]
    return [name, { abi: contract.abi, bytecode: `0x${contract.evm.bytecode.object}` }]
  }))
}
