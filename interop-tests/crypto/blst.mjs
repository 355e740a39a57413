// Cases from blst: usage: node blst.mjs SEED COUNT
import blst from "@chainsafe/blst";
import { blsCases } from "./bls-cases.mjs";
import { Random } from "./random.mjs";

const peer = {
  tag: "POP",
  keyPair(random) {
    const secret = blst.SecretKey.fromKeygen(random.bytes(32));
    return { publicKey: secret.toPublicKey().toBytes(), sign: (message) => secret.sign(message) };
  },
  aggregate: (signatures) => blst.aggregateSignatures(signatures).toBytes(),
  readKey: (bytes) => blst.PublicKey.fromBytes(bytes, true),
  readSignature: (bytes) => blst.Signature.fromBytes(bytes, true),
  verify: (signature, keys, messages) => blst.aggregateVerify(messages, keys, signature),
};

const [seed, count] = process.argv.slice(2);
for (const line of blsCases(peer, new Random(`blst ${seed}`), Number(count))) console.log(`bls ${line}`);
