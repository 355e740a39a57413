// Requests to a node by JSON-RPC.
export class RpcError extends Error {
  constructor (method, { code, message, data }) {
    super(`${method}: ${message}`)
    this.code = code
    this.data = data
  }
}

export const client = url => async (method, ...params) => {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params })
  })
  const { result, error } = await response.json()
  if (error) throw new RpcError(method, error)
  return result
}
