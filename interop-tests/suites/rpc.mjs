// Requests to a node by JSON-RPC.
export class RpcError extends Error {
  constructor (method, { code, message, data }) {
    super(`${method}: ${message}`)
    this.code = code
    this.data = data
  }
}

export const client = url => async (method, ...params) => {
  const send = () => fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params })
  })
  // While a suite ran, the node may have ended the idle connection.
  const response = await send().catch(send)
  const { result, error } = await response.json()
  if (error) throw new RpcError(method, error)
  return result
}
