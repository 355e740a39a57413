// The first page, with the last blocks and their gas, and the page of a block.

import { batch, call, orElse } from "./node.js";
import { fil, grouped, hex, short, time } from "./format.js";
import { action, card, facts, h, link, mono, section, table } from "./view.js";
import { decodeCall } from "./abi.js";

const shownBlocks = 15;
const gasBlocks = 60;

/** Rows of a table of transactions. */
async function transactionRows(transactions) {
  const receipts = await batch(transactions.map(transaction => ["eth_getTransactionReceipt", transaction.hash]));
  return Promise.all(transactions.map(async (transaction, i) => {
    const receipt = orElse(receipts[i], null);
    const decoded = await decodeCall(transaction.input);
    const what = !transaction.to ? "create" : decoded ?? (transaction.input.length > 2 ? transaction.input.slice(0, 10) : "transfer");
    return [
      link(`tx/${transaction.hash}`, mono(short(transaction.hash))),
      link(`account/${transaction.from}`, mono(short(transaction.from))),
      transaction.to ? link(`account/${transaction.to}`, mono(short(transaction.to)))
        : receipt?.contractAddress ? link(`account/${receipt.contractAddress}`, ["new ", mono(short(receipt.contractAddress))]) : "new",
      mono(what.length > 60 ? `${what.slice(0, 60)}…` : what),
      fil(transaction.value),
      receipt ? grouped(receipt.gasUsed) : "",
      receipt ? outcome(receipt) : "",
    ];
  }));
}

export const outcome = receipt => receipt.status === "0x1" ? h("span", { class: "good" }, "succeeded") : h("span", { class: "bad" }, "failed");

const transactionTable = async (transactions, empty) =>
  table(["Transaction", "From", "To", "What", "#Value", "#Gas", "Result"], await transactionRows(transactions), empty);

/** Bars of the gas of the last blocks, each a link to its block. */
async function gasChart(head) {
  const count = Math.min(gasBlocks, head);
  if (count === 0) return h("p", { class: "soft" }, "No blocks yet.");
  const history = await call("eth_feeHistory", hex(count), "latest", []);
  const first = Number(history.oldestBlock);
  const ratios = history.gasUsedRatio.slice(0, count);
  const highest = Math.max(...ratios, 1e-9);
  const bars = ratios.map((ratio, i) => {
    const bar = h("span");
    bar.style.height = `${100 * ratio / highest}%`;
    const text = `Block ${first + i}: ${grouped(Math.round(ratio * 1e10))} gas`;
    return h("a", { href: `#/block/${first + i}`, title: text, "aria-label": text }, bar);
  });
  return h("div", { class: "gas" }, bars);
}

/** The last blocks that exist at or below a number; epochs without one are left out. */
async function lastBlocks(head) {
  const numbers = Array.from({ length: Math.min(2 * shownBlocks, head + 1) }, (_, i) => head - i);
  const answers = await batch(numbers.map(number => ["eth_getBlockByNumber", hex(number), true]));
  return answers.map(answer => orElse(answer, null)).filter(block => block).slice(0, shownBlocks);
}

export async function home(head) {
  const [blocks, pool] = await Promise.all([lastBlocks(head), call("txpool_status")]);
  const transactions = blocks.flatMap(block => block.transactions).slice(0, 25);
  return {
    title: "Blocks",
    live: true,
    content: [
      h("h1", {}, "Blocks"),
      section(`Gas of the last ${Math.min(gasBlocks, head)} blocks`, card(await gasChart(head))),
      h("p", { class: "buttons" },
        action("Make a block", () => call("evm_mine"), { title: "A block with the transactions that wait" }),
        action("Take a snapshot", async () => sessionStorage.setItem("snapshot", await call("evm_snapshot"))),
        action("Go back to the snapshot", async () => {
          const id = sessionStorage.getItem("snapshot");
          if (!id || !await call("evm_revert", id)) throw new Error("there is no snapshot from this page");
          // A revert uses it up.
          sessionStorage.setItem("snapshot", await call("evm_snapshot"));
        }),
        h("span", { class: "soft" }, `Waiting: ${Number(pool.pending) + Number(pool.queued)}`)),
      section("Last transactions", await transactionTable(transactions, "No transactions yet: send one, or deploy a contract.")),
      section("Last blocks", table(["#Block", "Time", "#Transactions", "#Gas", "#Base fee"], blocks.map(block => [
        link(`block/${Number(block.number)}`, String(Number(block.number))),
        time(block.timestamp),
        String(block.transactions.length),
        grouped(block.gasUsed),
        fil(block.baseFeePerGas),
      ]), "No blocks yet.")),
    ],
  };
}

export async function blockPage(number, head) {
  const block = await call("eth_getBlockByNumber", hex(number), true);
  if (!block) throw new Error(`there is no block ${number}: the last one is ${head}`);
  const height = Number(block.number);
  return {
    title: `Block ${height}`,
    previous: height > 0 ? `block/${height - 1}` : null,
    following: height < head ? `block/${height + 1}` : null,
    content: [
      h("h1", {}, `Block ${height}`),
      h("p", { class: "buttons" },
        height > 0 ? link(`block/${height - 1}`, "← previous", { title: "Left arrow" }) : null,
        height < head ? link(`block/${height + 1}`, "next →", { title: "Right arrow" }) : null),
      card(facts([
        ["Hash", mono(block.hash)],
        ["Parent", mono(block.parentHash)],
        ["State root", mono(block.stateRoot)],
        ["Time", time(block.timestamp)],
        ["Gas", `${grouped(block.gasUsed)} of ${grouped(block.gasLimit)}`],
        ["Base fee", fil(block.baseFeePerGas)],
      ])),
      section("Transactions", await transactionTable(block.transactions, "This block has no transactions.")),
    ],
  };
}
