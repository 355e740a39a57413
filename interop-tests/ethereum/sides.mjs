// Two nodes side by side, and the exit statuses of one command line on both.
import { spawn } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { check } from './check.mjs'

const limit = 1 << 20

// So that the commands which run are ended, too.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => process.exit(1))

// Ends with the exit status and the output; a command that takes longer than `seconds` is ended with all its children.
export const run = ([program, ...args], { seconds = 240, ...options } = {}) => new Promise((resolve, reject) => {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], detached: true, ...options })
  const end = () => {
    try {
      process.kill(-child.pid, 'SIGKILL')
    } catch { /* It has ended. */ }
  }
  let output = ''
  let late = false
  const timer = setTimeout(() => { late = true; end() }, seconds * 1000)
  for (const stream of [child.stdout, child.stderr]) stream.on('data', data => { output = (output + data).slice(-limit) })
  process.once('exit', end)
  child.on('error', error => { clearTimeout(timer); reject(error) })
  child.on('close', (code, signal) => {
    clearTimeout(timer)
    process.off('exit', end)
    if (late) reject(new Error(`'${[program, ...args].join(' ').slice(0, 200)}' took more than ${seconds} s: ${output.slice(-300)}`))
    else resolve({ status: code ?? signal, output })
  })
})

const attempt = async action => {
  try {
    return { status: 0, output: String(await action()) }
  } catch (error) {
    return { status: 1, output: error.stack ?? String(error) }
  }
}

export const ask = async (url, method, ...params) => {
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params })
  const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
  const { result, error } = await response.json()
  if (error) throw Object.assign(new Error(`${method}: ${error.message}`), { code: error.code })
  return result
}

// A node and what flows have made on it. `url` is where tools are sent.
export class Side {
  constructor (name, url) {
    this.name = name
    this.url = url
    this.made = {}
  }

  ask (method, ...params) {
    return ask(this.url, method, ...params)
  }

  // A contract's address, once the block with its deployment is made.
  async deploy (data) {
    const [from] = await this.ask('eth_accounts')
    const hash = await this.ask('eth_sendTransaction', { from, data })
    for (let i = 0; i < 600; i++) {
      const receipt = await this.ask('eth_getTransactionReceipt', hash)
      if (receipt) return receipt.contractAddress
      await new Promise(resolve => setTimeout(resolve, 100))
    }
    throw new Error(`${this.name} made no block with the deployment in 60 s`)
  }
}

// Runs each command line on our node and on the other one, and demands the same exit status but for listed exceptions.
export class Beside {
  #ours
  #other
  #logs
  #exceptions
  #met = new Set()
  #suites = new Set()

  // `logs`: a folder for the output of each command.
  constructor (ours, other, logs, exceptions = JSON.parse(readFileSync(new URL('exceptions.json', import.meta.url)))) {
    this.#ours = ours
    this.#other = other
    this.#logs = logs
    this.#exceptions = exceptions
    mkdirSync(logs, { recursive: true })
  }

  // The flows of one tool. What they change is taken back afterwards, on both nodes, unless they leave nothing to go back to.
  async suite (name, flows, { undone = true } = {}) {
    this.#suites.add(name)
    const sides = [this.#ours, this.#other]
    const snapshots = await Promise.all(sides.map(side => side.ask('evm_snapshot')))
    const flow = (title, command, options) => this.#flow(`${name}: ${title}`, command, options)
    await check(`${name}: all flows ran`, () => flows(flow, sides))
    if (!undone) return
    await check(`${name}: the state is taken back`, async () => {
      for (const [at, side] of sides.entries()) {
        if (await side.ask('evm_revert', snapshots[at]) !== true) throw new Error(`${side.name} does not go back`)
      }
    })
  }

  // `command`: of a side, the program and its arguments, or an action that succeeds or throws. `fails`: it has to fail on both.
  // `options`: of a side, folder and environment.
  // `after`: looks at the output on our side, and on the other one where both end alike.
  #flow (name, command, { fails = false, options = () => ({}), after = () => {} } = {}) {
    return check(name, async () => {
      const one = async side => {
        const what = await command(side)
        return { side, ...typeof what === 'function' ? await attempt(what) : await run(what, options(side)) }
      }
      const [ours, other] = await Promise.all([one(this.#ours), one(this.#other)])
      // All of it, for the messages below show the end alone.
      for (const { side, output } of [ours, other]) writeFileSync(join(this.#logs, `${name.replaceAll(/\W+/g, '-')}.${side.name}.log`), output)
      const exception = this.#exceptions[name]
      if (ours.status !== other.status) {
        if (!exception) {
          const { output } = ours.status === 0 ? other : ours
          throw new Error(`exit status ${ours.status} on ours, ${other.status} on ${other.side.name}: ${output.slice(-450)}`)
        }
        this.#met.add(name)
        return
      }
      if (exception) throw new Error(`ends with ${ours.status} on both, so that it is no exception any more: ${exception}`)
      if ((ours.status !== 0) !== fails) throw new Error(`ends with ${ours.status} on both: ${ours.output.slice(-450)}`)
      for (const { side, output } of [ours, other]) await after(output, side)
    })
  }

  // Every listed exception of the suites that ran was met.
  get unmet () {
    return Object.keys(this.#exceptions).filter(name => this.#suites.has(name.split(':')[0]) && !this.#met.has(name))
  }

  // As rows of a table.
  get rows () {
    return Object.entries(this.#exceptions).map(([name, reason]) => `| ${name} | ${reason} |\n`).join('')
  }

  get met () {
    return [...this.#met].map(name => `${name}: ${this.#exceptions[name]}`)
  }
}
