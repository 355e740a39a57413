// Stands between tools and the node: passes requests over HTTP and WebSocket on, and keeps by method how they were answered.
import { createServer } from 'node:http'
import { WebSocket, WebSocketServer } from 'ws'

const methodNotFound = -32601
const internal = -32603

export class Recorder {
  #node
  #server
  #sockets = new WebSocketServer({ noServer: true })
  #answers = new Map()

  constructor (node) {
    this.#node = node
    this.#server = createServer((request, response) => this.#pass(request, response))
    this.#server.on('upgrade', (request, socket, head) => {
      this.#sockets.handleUpgrade(request, socket, head, client => this.#join(client, request.url))
    })
  }

  async start () {
    await new Promise(resolve => this.#server.listen(0, '127.0.0.1', resolve))
    return `http://127.0.0.1:${this.#server.address().port}`
  }

  stop () {
    this.#sockets.clients.forEach(client => client.terminate())
    this.#server.closeAllConnections()
    this.#server.close()
  }

  // The number of requests by method.
  get methods () {
    return new Map([...this.#answers].map(([method, { count }]) => [method, count]))
  }

  // What the node refuses by intent, with the reason.
  get refused () {
    return this.#errors(({ code, message }) => code === methodNotFound && message.includes('not supported'))
  }

  // Neither a result nor an error that says what is wrong.
  get unanswered () {
    return this.#errors(({ code, message }) => code === internal || !message || (code === methodNotFound && !message.includes('not supported')))
  }

  #errors (isMeant) {
    return [...this.#answers].flatMap(([method, { errors }]) => [...errors.values()].filter(isMeant).map(({ message }) => `${method}: ${message}`))
  }

  async #pass (request, response) {
    try {
      const chunks = []
      for await (const chunk of request) chunks.push(chunk)
      const body = Buffer.concat(chunks)
      const headers = { 'content-type': request.headers['content-type'] ?? 'application/json' }
      const answer = await fetch(this.#node + request.url, { method: request.method, headers, body: body.length > 0 ? body : undefined })
      const text = await answer.text()
      this.#note(body.toString(), text)
      response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? 'application/json' }).end(text)
    } catch (error) {
      response.writeHead(502).end(error.message)
    }
  }

  // A client over WebSocket: its requests are kept until their answers come; notifications have no ID.
  #join (client, path) {
    const node = new WebSocket(this.#node.replace('http', 'ws') + path)
    const waiting = new Map()
    const early = []
    client.on('message', data => {
      for (const request of [JSON.parse(data)].flat()) waiting.set(request.id, request)
      if (node.readyState === WebSocket.OPEN) node.send(data.toString())
      else early.push(data.toString())
    })
    node.on('open', () => early.forEach(text => node.send(text)))
    node.on('message', data => {
      for (const answer of [JSON.parse(data)].flat().filter(({ id }) => waiting.has(id))) {
        this.#note(JSON.stringify(waiting.get(answer.id)), JSON.stringify(answer))
        waiting.delete(answer.id)
      }
      client.send(data.toString())
    })
    // A client may go without waiting for its answers; the node may not.
    client.on('error', () => {}).on('close', () => { waiting.clear(); node.terminate() })
    node.on('error', () => {}).on('close', () => {
      for (const request of waiting.values()) this.#note(JSON.stringify(request), '[]')
      client.terminate()
    })
  }

  #note (request, answer) {
    const answers = new Map([JSON.parse(answer)].flat().map(each => [each.id, each]))
    for (const { id, method } of [JSON.parse(request)].flat()) {
      const noted = this.#answers.get(method) ?? { count: 0, errors: new Map() }
      const error = answers.has(id) ? answers.get(id).error : { code: internal, message: 'no answer' }
      if (error) noted.errors.set(error.code, error)
      noted.count++
      this.#answers.set(method, noted)
    }
  }
}
