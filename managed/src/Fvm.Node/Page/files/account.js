// The pages of accounts: the list of test accounts, and one account, contract or native actor with its state by name.

import { batch, call, orElse } from "./node.js";
import { byteLength, fil, grouped, hex, isAddress, maskedId, parseFil } from "./format.js";
import { action, card, facts, h, link, mono, section, table } from "./view.js";
import * as abi from "./abi.js";

export async function accountsPage() {
  const accounts = await call("eth_accounts");
  const answers = await batch(accounts.flatMap(address => [["eth_getBalance", address, "latest"], ["eth_getTransactionCount", address, "latest"]]));
  return {
    title: "Accounts",
    live: true,
    content: [
      h("h1", {}, "Test accounts"),
      table(["Address", "#Balance", "#Nonce"], accounts.map((address, i) => [
        link(`account/${address}`, mono(address)),
        fil(orElse(answers[2 * i], "0x0")),
        String(Number(orElse(answers[2 * i + 1], "0x0"))),
      ]), "This node holds no keys."),
    ],
  };
}

/** The names of an actor's code and state; null where the node knows none. */
async function stateOf(filecoin) {
  try {
    return await call("Filecoin.StateReadState", filecoin, null);
  } catch {
    return null;
  }
}

/** A field with an amount and the button that gives it. */
function faucet(address) {
  const amount = h("input", { value: "100", inputmode: "decimal", "aria-label": "FIL to give", size: "8" });
  return [amount, action("Give FIL", async () => {
    const attoFil = parseFil(amount.value);
    await call("anvil_addBalance", address, hex(attoFil));
    dispatchEvent(new Event("changed"));
  })];
}

/** An address in either form, as Ethereum's. */
async function ethereumForm(address) {
  return isAddress(address) ? address : call("Filecoin.FilecoinAddressToEthAddress", address, "latest");
}

export async function accountPage(given) {
  const address = await ethereumForm(given);
  const [balance, nonce, code, filecoin] = await batch([
    ["eth_getBalance", address, "latest"], ["eth_getTransactionCount", address, "latest"], ["eth_getCode", address, "latest"],
    ["Filecoin.EthAddressToFilecoinAddress", address],
  ]);
  const name = orElse(filecoin, null);
  const id = name ? orElse((await batch([["Filecoin.StateLookupID", name, null]]))[0], null) : null;
  const actor = id ? orElse((await batch([["Filecoin.StateGetActor", id, null]]))[0], null) : null;
  const state = id ? await stateOf(id) : null;
  const size = byteLength(orElse(code, "0x"));
  const native = maskedId(address);
  return {
    title: size ? "Contract" : "Account",
    live: true,
    content: [
      h("h1", {}, size ? "Contract " : native === null ? "Account " : "Actor ", mono(address)),
      card(facts([
        ["Filecoin address", name ? mono(name) : null],
        ["Actor ID", id ? mono(id) : "there is no such actor yet"],
        ["Code", actor ? mono(actor.Code["/"]) : null],
        ["State", actor ? mono(actor.Head["/"]) : null],
        ["Balance", fil(orElse(balance, "0x0"))],
        ["Nonce", String(Number(orElse(nonce, "0x0")))],
        ["Bytecode", size ? `${grouped(size)} bytes` : null],
      ])),
      h("p", { class: "buttons" }, faucet(address)),
      state ? section("State", card(h("pre", { tabindex: "0" }, JSON.stringify(state.State, null, 2)))) : null,
      size ? section("Bytecode", card(h("pre", { tabindex: "0" }, code))) : null,
    ],
  };
}

/** What was wrong with the files given last. */
let trouble = "";

/** The interfaces that calls and events are decoded by. */
export function abiPage() {
  const problem = h("p", { class: "bad", role: "status" }, trouble);
  trouble = "";
  const files = h("input", {
    type: "file", multiple: true, accept: ".json,application/json", "aria-label": "Files with interfaces",
    change: async () => {
      for (const file of files.files) {
        try {
          abi.add(file.name, await file.text());
        } catch (error) {
          trouble = error.message;
        }
      }
      dispatchEvent(new Event("changed"));
    },
  });
  return {
    title: "ABIs",
    content: [
      h("h1", {}, "ABIs"),
      card(
        h("p", {}, "Calls, events and errors of contracts are shown by name if their interface is here: artifacts of Hardhat or Foundry, or the ",
          "list that solc prints. The files stay in this browser."),
        files, problem),
      table(["File", "#Entries", ""], abi.list().map(file => [
        file.name,
        String(file.size),
        action("Remove", () => {
          abi.remove(file.name);
          dispatchEvent(new Event("changed"));
        }, { "aria-label": `Remove ${file.name}` }),
      ]), "No interfaces yet."),
    ],
  };
}
