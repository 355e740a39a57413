// BLS cases from @noble/curves: usage: node noble-bls.mjs SEED COUNT
import { bls12_381 } from "@noble/curves/bls12-381.js";
import { blsCases } from "./bls-cases.mjs";
import { Random } from "./random.mjs";

const { longSignatures: bls, G1, G2 } = bls12_381;
const read = (Point) => (bytes) => {
  const point = Point.fromBytes(bytes);
  point.assertValidity();
  return point;
};

const peer = {
  tag: "NUL",
  keyPair(random) {
    const secret = bls12_381.utils.randomSecretKey(random.bytes(48));
    return { publicKey: bls.getPublicKey(secret).toBytes(), sign: (message) => bls.sign(bls.hash(message), secret) };
  },
  aggregate: (signatures) => bls.aggregateSignatures(signatures).toBytes(),
  readKey: read(G1.Point),
  readSignature: read(G2.Point),
  verify: (signature, keys, messages) =>
    bls.verifyBatch(signature, keys.map((publicKey, i) => ({ message: bls.hash(messages[i]), publicKey }))),
};

const [seed, count] = process.argv.slice(2);
for (const line of blsCases(peer, new Random(`noble ${seed}`), Number(count))) console.log(`bls ${line}`);
