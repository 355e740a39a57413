#!/usr/bin/env node
// The compiler from npm as forge calls a native one: --version, and --standard-json from standard input to standard output.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'

const solc = createRequire(import.meta.url)('solc')
if (process.argv.includes('--version')) {
  console.log(`solc, the solidity compiler commandline interface\nVersion: ${solc.version().replace('.Emscripten.clang', '.Linux.g++')}`)
} else {
  process.stdout.write(solc.compile(readFileSync(0, 'utf8')))
}
