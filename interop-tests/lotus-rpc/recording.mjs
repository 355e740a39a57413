// A node's JSON-RPC that is recorded while it is asked through here, and answered from the recording alone once `stop` is called.
import { createServer } from 'node:http'

const keyOf = ({ method, params }) => `${method} ${JSON.stringify(params ?? [])}`

export class Recording {
  answers = new Map()
  missing = new Set()
  blocksRead = 0
  #upstream
  #server

  constructor (upstream) {
    this.#upstream = upstream
  }

  // Gives its URL.
  async start () {
    this.#server = createServer((request, response) => this.#serve(request, response))
    await new Promise(resolve => this.#server.listen(0, '127.0.0.1', resolve))
    return `http://127.0.0.1:${this.#server.address().port}`
  }

  // Asks the node no more.
  stop () {
    this.#upstream = null
  }

  end () {
    this.#server.close()
    this.#server.closeAllConnections()
  }

  async #serve (request, response) {
    const parts = []
    for await (const part of request) parts.push(part)
    const asked = JSON.parse(Buffer.concat(parts).toString())
    const answers = await Promise.all([asked].flat().map(each => this.#answer(each)))
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify(Array.isArray(asked) ? answers : answers[0]))
  }

  async #answer (call) {
    const key = keyOf(call)
    if (call.method === 'Filecoin.ChainReadObj') this.blocksRead++
    if (!this.answers.has(key) && this.#upstream) {
      const response = await fetch(this.#upstream, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: call.method, params: call.params ?? [] })
      })
      const { result, error } = await response.json()
      this.answers.set(key, error ? { error } : { result: result ?? null })
    }
    if (!this.answers.has(key)) this.missing.add(key)
    return { jsonrpc: '2.0', id: call.id, ...(this.answers.get(key) ?? { error: { code: -32000, message: `not recorded: ${key}` } }) }
  }
}
