// Compiles by the compiler from npm.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'

const require = createRequire(import.meta.url)

// The contracts of files, by their names, and by file and name: { abi, bytecode, runtime }. `places`: the folders that imports begin with, by their
// prefixes; others are packages. `compiler`: the name of the package, of which there are several versions.
export const compile = (files, places = {}, settings = {}, compiler = 'solc') => {
  const solc = require(compiler)
  const pathOf = name => {
    const prefix = Object.keys(places).find(each => name.startsWith(each))
    return prefix ? join(places[prefix], name.slice(prefix.length)) : require.resolve(name)
  }
  const read = name => {
    try {
      return { contents: readFileSync(pathOf(name), 'utf8') }
    } catch (error) {
      return { error: error.message }
    }
  }
  const output = JSON.parse(solc.compile(JSON.stringify({
    language: 'Solidity',
    sources: Object.fromEntries(files.map(file => [file, { content: readFileSync(pathOf(file), 'utf8') }])),
    settings: {
      evmVersion: 'cancun',
      optimizer: { enabled: true },
      outputSelection: { '*': { '*': ['abi', 'evm.bytecode.object', 'evm.deployedBytecode.object'] } },
      ...settings
    }
  }), { import: read }))
  const errors = (output.errors ?? []).filter(error => error.severity === 'error')
  if (errors.length > 0) throw new Error(errors[0].formattedMessage)
  const found = {}
  for (const [file, contracts] of Object.entries(output.contracts)) {
    for (const [name, { abi, evm }] of Object.entries(contracts)) {
      const contract = { abi, bytecode: `0x${evm.bytecode.object}`, runtime: `0x${evm.deployedBytecode.object}` }
      found[name] ??= contract
      found[`${file}:${name}`] = contract
    }
  }
  return found
}
