// Contracts' interfaces: JSON of solc, Hardhat or Foundry, kept in this browser; calls and events decoded by them, reverts by the two errors that
// every compiler emits, and calls of native actors, which have one form. Data that does not fit its types is shown as it is.

import { call } from "./node.js";

const key = "fvm-node-abis";
const most = 1000;
const always = [
  {
    type: "function", name: "handle_filecoin_method",
    inputs: [{ name: "method", type: "uint64" }, { name: "codec", type: "uint64" }, { name: "params", type: "bytes" }],
  },
  { type: "error", name: "Error", inputs: [{ name: "message", type: "string" }] },
  { type: "error", name: "Panic", inputs: [{ name: "code", type: "uint256" }] },
];
let known = null;

const stored = () => {
  try {
    return JSON.parse(localStorage.getItem(key) ?? "[]");
  } catch {
    return [];
  }
};

const typeOf = input => input.type.startsWith("tuple") ? `(${input.components.map(typeOf).join(",")})${input.type.slice(5)}` : input.type;
export const signatureOf = entry => `${entry.name}(${(entry.inputs ?? []).map(typeOf).join(",")})`;

const hashOf = text => call("web3_sha3", `0x${Array.from(new TextEncoder().encode(text), byte => byte.toString(16).padStart(2, "0")).join("")}`);

/** All entries by selector or topic. */
async function entries() {
  if (known) return known;
  const found = new Map();
  const wanted = [...always, ...stored().flatMap(file => file.abi)].filter(entry => ["function", "event", "error"].includes(entry.type)).slice(0, most);
  const hashes = await Promise.all(wanted.map(entry => hashOf(signatureOf(entry))));
  wanted.forEach((entry, i) => found.set(`${entry.type} ${entry.type === "event" ? hashes[i] : hashes[i].slice(0, 10)}`, entry));
  return known = found;
}

/** The names of the interfaces that are kept. */
export const list = () => stored().map(file => ({ name: file.name, size: file.abi.length }));

/** Keeps the interface in a file's text; throws where there is none. */
export function add(name, text) {
  let parsed;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw new Error(`${name} is no JSON`);
  }
  const abi = Array.isArray(parsed) ? parsed : parsed.abi;
  if (!Array.isArray(abi) || !abi.every(entry => entry && typeof entry.type === "string")) throw new Error(`${name} has no list named abi`);
  localStorage.setItem(key, JSON.stringify([...stored().filter(file => file.name !== name), { name, abi }]));
  known = null;
}

export function remove(name) {
  localStorage.setItem(key, JSON.stringify(stored().filter(file => file.name !== name)));
  known = null;
}

/** Reads values of ABI types from hex digits. Offsets and lengths are checked: data is whatever a contract returned. */
class Reader {
  constructor(digits) {
    this.digits = digits;
    this.left = 4000;
  }

  word(at) {
    if (at < 0 || 2 * at + 64 > this.digits.length || --this.left < 0) throw new RangeError("the data ends early");
    return this.digits.slice(2 * at, 2 * at + 64);
  }

  size(at) {
    const value = BigInt(`0x${this.word(at)}`);
    if (value > 1n << 24n) throw new RangeError("a length is too large");
    return Number(value);
  }

  value(type, at, base) {
    const array = /^(.*)\[(\d*)\]$/.exec(type.type);
    if (array) {
      const item = { ...type, type: array[1] };
      const start = isDynamic(type) ? base + this.size(at) : at;
      const count = array[2] === "" ? this.size(start) : Number(array[2]);
      if (count > 1000) throw new RangeError("an array is too long");
      return this.values(Array(count).fill(item), array[2] === "" ? start + 32 : start);
    }
    if (type.type === "tuple") return this.values(type.components, isDynamic(type) ? base + this.size(at) : at);
    if (type.type === "string" || type.type === "bytes") {
      const start = base + this.size(at);
      const length = this.size(start);
      const digits = this.digits.slice(2 * (start + 32), 2 * (start + 32 + length));
      if (digits.length !== 2 * length) throw new RangeError("the data ends early");
      if (type.type === "bytes") return `0x${digits}`;
      return JSON.stringify(new TextDecoder().decode(Uint8Array.from(digits.match(/../g) ?? [], pair => parseInt(pair, 16))));
    }
    const word = this.word(at);
    if (type.type === "address") return `0x${word.slice(24)}`;
    if (type.type === "bool") return BigInt(`0x${word}`) === 0n ? "false" : "true";
    if (type.type.startsWith("bytes")) return `0x${word.slice(0, 2 * Number(type.type.slice(5)))}`;
    const number = BigInt(`0x${word}`);
    return (type.type.startsWith("int") ? BigInt.asIntN(256, number) : number).toString();
  }

  values(types, base) {
    let at = base;
    return types.map(type => {
      const value = this.value(type, at, base);
      at += isDynamic(type) ? 32 : sizeOf(type);
      return value;
    });
  }
}

function isDynamic(type) {
  if (/\[\]$/.test(type.type) || type.type === "string" || type.type === "bytes") return true;
  const array = /^(.*)\[\d+\]$/.exec(type.type);
  if (array) return isDynamic({ ...type, type: array[1] });
  return type.type === "tuple" && type.components.some(isDynamic);
}

function sizeOf(type) {
  const array = /^(.*)\[(\d+)\]$/.exec(type.type);
  if (array) return Number(array[2]) * sizeOf({ ...type, type: array[1] });
  return type.type === "tuple" ? type.components.reduce((sum, part) => sum + sizeOf(part), 0) : 32;
}

const shown = value => Array.isArray(value) ? `[${value.map(shown).join(", ")}]` : value;
const named = (inputs, values) => values.map((value, i) => inputs[i].name ? `${inputs[i].name}: ${shown(value)}` : shown(value)).join(", ");

async function decode(kind, data) {
  const entry = data?.length >= 10 ? (await entries()).get(`${kind} ${data.slice(0, 10)}`) : null;
  if (!entry) return null;
  try {
    return `${entry.name}(${named(entry.inputs, new Reader(data.slice(10)).values(entry.inputs, 0))})`;
  } catch {
    return `${entry.name}(…)`;
  }
}

/** The call that input stands for, as text; null where no known interface has it. */
export const decodeCall = input => decode("function", input);

/** The error that a revert's data stands for, as text; null where it is not known. */
export const decodeError = output => decode("error", output);

/** The event of a log, as text; null where no known interface has it. */
export async function decodeEvent(log) {
  const entry = log.topics.length ? (await entries()).get(`event ${log.topics[0]}`) : null;
  if (!entry) return null;
  try {
    const rest = new Reader(log.data.slice(2)).values(entry.inputs.filter(input => !input.indexed), 0);
    const topics = log.topics.slice(1);
    const values = entry.inputs.map(input => {
      if (!input.indexed) return rest.shift();
      const topic = topics.shift();
      // Of values longer than a word a topic has the hash only.
      return isDynamic(input) || input.type.startsWith("tuple") || /\]$/.test(input.type) ? topic : new Reader(topic.slice(2)).value(input, 0, 0);
    });
    return `${entry.name}(${named(entry.inputs, values)})`;
  } catch {
    return `${entry.name}(…)`;
  }
}
