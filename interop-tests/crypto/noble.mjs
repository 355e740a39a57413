// secp256k1 and hash cases from @noble: usage: node noble.mjs SEED COUNT
import { secp256k1 } from "@noble/curves/secp256k1.js";
import { blake2b } from "@noble/hashes/blake2.js";
import { ripemd160 } from "@noble/hashes/legacy.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { keccak_256, keccak_512 } from "@noble/hashes/sha3.js";
import { hex, Random } from "./random.mjs";

const [seed, count] = process.argv.slice(2);
const random = new Random(`noble ${seed}`);

for (let i = 0; i < Number(count); i++) {
  // Usually a real signature, sometimes with a different s, recovery id or r.
  const hash = random.bytes(32);
  const signed = secp256k1.sign(hash, secp256k1.utils.randomSecretKey(random.bytes(48)), { prehash: false, format: "recovered" });
  const signature = new Uint8Array([...signed.subarray(1), signed[0]]);
  switch (random.below(6)) {
    case 0: signature.set(random.bytes(32), 32); break;
    case 1: signature[64] = random.below(4); break;
    case 2: signature.set(random.bytes(32), 0); break;
  }
  let key = "-";
  try {
    const compact = secp256k1.Signature.fromBytes(signature.subarray(0, 64), "compact");
    key = hex(compact.addRecoveryBit(signature[64]).recoverPublicKey(hash).toBytes(false));
  } catch {
    // No key, as the output line states.
  }
  console.log(["secp256k1", hex(hash), hex(signature), key].join(" "));
}

const hashes = {
  "blake2b-160": (data) => blake2b(data, { dkLen: 20 }),
  "blake2b-256": (data) => blake2b(data, { dkLen: 32 }),
  "blake2b-512": blake2b,
  "keccak-256": keccak_256,
  "keccak-512": keccak_512,
  ripemd160,
  sha256,
};
for (let i = 0; i < Number(count); i++) {
  const names = Object.keys(hashes);
  const name = names[i % names.length];
  const data = random.bytes(random.below(700));
  console.log(["hash", name, hex(data) || "-", hex(hashes[name](data))].join(" "));
}
