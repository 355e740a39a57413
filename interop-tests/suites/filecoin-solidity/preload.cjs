// What filecoin-solidity's tests find in the container that they are made for.
const childProcess = require('node:child_process')
const fs = require('node:fs')
const Module = require('node:module')

// Their folder, which is the working one here.
const container = '/var/lib/fil-sol'
const here = text => (typeof text === 'string' ? text.replaceAll(container, process.env.SUITE_FOLDER) : text)
for (const [module, names] of [[childProcess, ['exec', 'execSync']], [fs, ['readFileSync', 'writeFileSync']]]) {
  for (const name of names) {
    const run = module[name]
    module[name] = (first, ...rest) => run(here(first), ...rest)
  }
}

// A package that their tests on another network alone need, and that npm cannot install, as a dependency is elsewhere.
const resolve = Module._resolveFilename
Module._resolveFilename = function (request, ...rest) {
  return request === '@blitslabs/filecoin-js-signer' ? process.env.SUITE_SIGNER : resolve.call(this, request, ...rest)
}

// Pauses for Lotus's blocks, and for its restart: blocks of a second need shorter ones.
const pauses = [18_000, 90_000]
const pause = 1_500
const wait = globalThis.setTimeout
globalThis.setTimeout = Object.assign((run, milliseconds, ...rest) => wait(run, pauses.includes(milliseconds) ? pause : milliseconds, ...rest), wait)
