// The page of a transaction: what it did, its events, and its calls by gas.

import { batch, call, orElse, NodeError } from "./node.js";
import { data, fil, grouped, maskedId } from "./format.js";
import { card, facts, h, link, mono, section, table } from "./view.js";
import { decodeCall, decodeEvent } from "./abi.js";
import { outcome } from "./blocks.js";
import { flame } from "./flame.js";

async function eventsOf(logs) {
  const rows = await Promise.all(logs.map(async log => [
    String(Number(log.logIndex)),
    link(`account/${log.address}`, mono(log.address)),
    mono(await decodeEvent(log) ?? `${log.topics.join(" ")} ${data(log.data, 512)}`),
  ]));
  return table(["#Index", "Contract", "Event"], rows, "No events.");
}

async function callsOf(hash) {
  try {
    const root = await call("debug_traceTransaction", hash, { tracer: "callTracer" });
    return root ? await flame(root) : h("p", { class: "soft" }, "It never reached an actor.");
  } catch (error) {
    if (error instanceof NodeError) return h("p", { class: "bad" }, error.message);
    throw error;
  }
}

export async function transactionPage(hash) {
  const [found, given, id] = await batch([
    ["eth_getTransactionByHash", hash], ["eth_getTransactionReceipt", hash], ["Filecoin.EthGetMessageCidByTransactionHash", hash],
  ]);
  if (found instanceof NodeError) throw found;
  if (!found) throw new Error("there is no such transaction: it was never sent, or a revert took it away");
  const receipt = orElse(given, null);
  const cid = orElse(id, null)?.["/"];
  const decoded = await decodeCall(found.input);
  const actor = maskedId(found.to);
  return {
    title: `Transaction ${hash.slice(0, 10)}`,
    // Nothing changes after it is in a block.
    live: !receipt,
    content: [
      h("h1", {}, "Transaction ", mono(hash)),
      card(facts([
        ["Result", receipt ? outcome(receipt) : "waits for a block"],
        ["Block", receipt ? link(`block/${Number(receipt.blockNumber)}`, String(Number(receipt.blockNumber))) : null],
        ["From", link(`account/${found.from}`, mono(found.from))],
        ["To", found.to ? link(`account/${found.to}`, [mono(found.to), actor === null ? "" : ` (f0${actor})`]) : "a new contract"],
        ["New contract", receipt?.contractAddress ? link(`account/${receipt.contractAddress}`, mono(receipt.contractAddress)) : null],
        ["Call", decoded ? mono(decoded) : null],
        ["Value", fil(found.value)],
        ["Gas", receipt ? `${grouped(receipt.gasUsed)} of ${grouped(found.gas)}` : `at most ${grouped(found.gas)}`],
        ["Fee", receipt ? fil(BigInt(receipt.gasUsed) * BigInt(receipt.effectiveGasPrice)) : null],
        ["Nonce", String(Number(found.nonce))],
        ["Message CID", cid ? mono(cid) : null],
        ["Input", mono(data(found.input, 2048))],
      ])),
      receipt ? section("Calls by gas", await callsOf(hash)) : null,
      receipt ? section("Events", await eventsOf(receipt.logs)) : null,
    ],
  };
}
