// Random bytes from a seed, for reproducible runs.
import { createHash } from "node:crypto";

export class Random {
  #seed;
  #counter = 0;

  constructor(seed) {
    this.#seed = seed;
  }

  bytes(length) {
    const out = Buffer.alloc(length);
    for (let at = 0; at < length; at += 32) {
      createHash("sha256").update(`${this.#seed}/${this.#counter++}`).digest().copy(out, at);
    }
    return new Uint8Array(out);
  }

  below(limit) {
    return Buffer.from(this.bytes(6)).readUIntBE(0, 6) % limit;
  }
}

export const hex = (bytes) => Buffer.from(bytes).toString("hex");
