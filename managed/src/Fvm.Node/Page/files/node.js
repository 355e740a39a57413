// Calls of the node that serves this page: JSON-RPC by POST; new blocks by WebSocket, or by asking every two seconds where there is none.

let next = 1;

export class NodeError extends Error {
  constructor(error) {
    super(error?.message ?? "the node gave no answer");
    this.code = error?.code;
    this.data = error?.data;
  }
}

async function post(body) {
  let response;
  try {
    response = await fetch("/", { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });
  } catch {
    throw new NodeError({ message: "the node does not answer: is it running?" });
  }
  return response.json();
}

/** The result of one method. Throws NodeError. */
export async function call(method, ...params) {
  const answer = await post({ jsonrpc: "2.0", id: next++, method, params });
  if (answer.error) throw new NodeError(answer.error);
  return answer.result;
}

/** The results of several methods in one request, in order: a NodeError in the place of one that failed. */
export async function batch(calls) {
  if (calls.length === 0) return [];
  const first = next;
  next += calls.length;
  const answers = await post(calls.map(([method, ...params], i) => ({ jsonrpc: "2.0", id: first + i, method, params })));
  if (!Array.isArray(answers)) throw new NodeError(answers.error);
  const byId = new Map(answers.map(answer => [answer.id, answer]));
  return calls.map((_, i) => {
    const answer = byId.get(first + i);
    return answer && !answer.error ? answer.result : new NodeError(answer?.error);
  });
}

/** The result, or another value where the method fails, as for a block of a null round. */
export const orElse = (result, other) => result instanceof NodeError ? other : result;

/** Calls `told(number)` at each new head, and `lost(reason)` when the node is gone, null when it is back. */
export function watchHead(told, lost) {
  let last;
  const ask = async () => {
    try {
      const head = Number(await call("eth_blockNumber"));
      lost(null);
      if (head !== last) told(last = head);
    } catch (error) {
      lost(error.message);
    }
  };
  const listen = () => {
    const socket = new WebSocket(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/`);
    socket.onopen = () => socket.send(JSON.stringify({ jsonrpc: "2.0", id: 0, method: "eth_subscribe", params: ["newHeads"] }));
    socket.onmessage = ask;
    socket.onclose = () => setTimeout(listen, 5000);
  };
  listen();
  // A snapshot that is reverted makes the chain shorter without a new head.
  setInterval(ask, 2000);
  return ask();
}
