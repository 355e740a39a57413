// Test vectors: a state, messages, and their results.
import { createReadStream, readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { createGunzip, gunzipSync } from 'node:zlib';
import { NoAnswer } from './sidecar.mjs';

// JSON.parse rounds whole numbers past 2^53, and actors ask for randomness of any epoch: those are kept as strings.
const parse = (text) => JSON.parse(text.replace(/("epoch":|"on":\["\w+",)(-?\d{16,})/g, '$1"$2"'));

/** One in every so many vectors of VECTOR.json, SET.ndjson.gz, or a folder of such files. */
export async function* read(path, every = 1) {
  const files = statSync(path).isDirectory()
    ? readdirSync(path).filter((name) => /\.(json|ndjson\.gz)$/.test(name)).sort().map((name) => join(path, name))
    : [path];
  let index = 0;
  for (const file of files) {
    if (file.endsWith('.json')) {
      if (index++ % every === 0) {
        yield parse(readFileSync(file, 'utf8'));
      }
      continue;
    }
    for await (const line of createInterface({ input: createReadStream(file).pipe(createGunzip()) })) {
      if (index++ % every === 0) {
        yield parse(line);
      }
    }
  }
}

function varint(data, at) {
  let value = 0;
  for (let scale = 1; ; scale *= 128) {
    const byte = data[at++];
    value += (byte & 0x7f) * scale;
    if (byte < 0x80) {
      return [value, at];
    }
  }
}

/** The blocks of a CAR file of version 1, packed with gzip or not, by CID in hexadecimal. */
export function readCar(file) {
  const data = file[0] === 0x1f && file[1] === 0x8b ? gunzipSync(file) : file;
  const blocks = new Map();
  let [length, at] = varint(data, 0);
  at += length; // the header
  while (at < data.length) {
    const [size, start] = varint(data, at);
    let digest;
    at = start;
    for (let field = 0; field < 4; field++) {
      [digest, at] = varint(data, at);
    }
    blocks.set(data.toString('hex', start, at + digest), data.subarray(at + digest, start + size));
    at = start + size;
  }
  return blocks;
}

/** A CID, as {"/": "b…"} in base 32. */
export function cid(link) {
  const bytes = [];
  let bits = 0;
  let value = 0;
  for (const digit of link['/'].slice(1)) {
    value = ((value << 5) | 'abcdefghijklmnopqrstuvwxyz234567'.indexOf(digit)) & 0xfff;
    bits += 5;
    if (bits >= 8) {
      bits -= 8;
      bytes.push((value >> bits) & 0xff);
    }
  }
  return Buffer.from(bytes);
}

const amount = (atto) => {
  const hex = BigInt(atto).toString(16);
  return hex === '0' ? {} : { magnitude: Buffer.from(hex.padStart(hex.length + (hex.length % 2), '0'), 'hex') };
};

export const atto = (value) => {
  const number = value?.magnitude?.length ? BigInt(`0x${value.magnitude.toString('hex')}`) : 0n;
  return String(value?.negative ? -number : number);
};

export function settings({ preconditions: pre }, tracing) {
  return {
    network_version: pre.variants[0].nv,
    epoch: pre.variants[0].epoch,
    timestamp: pre.timestamp,
    chain_id: pre.chain_id,
    base_fee: amount(pre.basefee),
    circulating_supply: amount(pre.circ_supply),
    state_root: cid(pre.state_tree.root_cid),
    actor_debugging: pre.actor_debugging ?? false,
    tracing,
  };
}

export const input = (message) => ({
  message: Buffer.from(message.bytes, 'base64'),
  chain_length: message.raw_length,
  kind: message.kind === 'implicit' ? 'APPLY_KIND_IMPLICIT' : 'APPLY_KIND_EXPLICIT',
});

/** Answers from a vector: no consensus fault is found, and every proof verifies. */
export class Node {
  faultChecks = 0;
  gets = 0;
  /** Called before each get, if set. */
  beforeGet;
  #layers;
  #randomness = new Map();
  #tipsets = new Map();

  constructor(vector, bundle = new Map()) {
    this.#layers = [new Map(), readCar(Buffer.from(vector.car, 'base64')), bundle];
    for (const { on, ret } of [...vector.randomness ?? []].reverse()) {
      // An older form has a tag before the epoch. Of two answers the first counts.
      this.#randomness.set(`${on[0]} ${on[on.length === 4 ? 2 : 1]}`, Buffer.from(ret, 'base64'));
    }
    for (const entry of vector.tipset_cids ?? []) {
      this.#tipsets.set(String(entry.epoch), cid(entry.cid));
    }
  }

  get(key) {
    this.gets++;
    this.beforeGet?.();
    const name = key.toString('hex');
    return this.#layers.find((layer) => layer.has(name))?.get(name);
  }

  put(key, data) {
    this.#layers[0].set(key.toString('hex'), data);
  }

  randomness(epoch, beacon) {
    return this.#randomness.get(`${beacon ? 'beacon' : 'chain'} ${epoch}`) ?? Buffer.from('i_am_random_____i_am_random_____');
  }

  tipsetCid(epoch) {
    const known = this.#tipsets.get(epoch);
    if (!known) {
      throw new NoAnswer(`the vector has no tipset of epoch ${epoch}`);
    }
    return known;
  }

  consensusFault() {
    this.faultChecks++;
    return {};
  }

  verify(callback) {
    return Array(callback.verify_seals?.seals.length ?? 1).fill('PROOF_VERDICT_VALID');
  }
}
