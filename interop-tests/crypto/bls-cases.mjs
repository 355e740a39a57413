// Random BLS verifications, valid and invalid in every known way, with the verdict of a peer.
import { hex } from "./random.mjs";

const isInfinity = (bytes) => bytes[0] === 0xc0 && bytes.subarray(1).every((byte) => byte === 0);
const infinity = (length) => Uint8Array.from({ length }, (_, i) => (i === 0 ? 0xc0 : 0));

/**
 * Yields lines `tag verdict signature key message key message ...`.
 * peer: { tag, keyPair(random) -> { publicKey, sign(message) -> point }, aggregate(points) -> bytes,
 *         readKey(bytes), readSignature(bytes) (both throw unless it is a point of the subgroup),
 *         verify(signature, keys, messages) -> boolean }
 */
export function* blsCases(peer, random, count) {
  const pairs = Array.from({ length: 64 }, () => peer.keyPair(random));
  for (let i = 0; i < count; i++) {
    const size = [1, 1, 1, 2, 3][random.below(5)];
    const signers = Array.from({ length: size }, () => pairs[random.below(pairs.length)]);
    const messages = signers.map(() => random.bytes(random.below(120) + 8));
    const keys = signers.map((signer) => signer.publicKey.slice());
    let signature = peer.aggregate(signers.map((signer, j) => signer.sign(messages[j])));

    const flip = (bytes) => (bytes[random.below(bytes.length)] ^= 1 << random.below(8));
    switch (random.below(14)) {
      case 0: flip(messages[random.below(size)]); break;
      case 1: flip(signature); break;
      case 2: flip(keys[random.below(size)]); break;
      case 3: keys[0] = pairs[random.below(pairs.length)].publicKey.slice(); break;
      case 4: signature[0] ^= 0x20; break;
      case 5: keys[0][0] ^= 0x20; break;
      case 6: signature = infinity(96); if (random.below(2)) flip(signature); break;
      case 7: keys[0] = infinity(48); if (random.below(2)) flip(keys[0]); break;
      case 8: signature = random.bytes(96); signature[0] = (signature[0] & 0x3f) | 0x80; break;
      case 9: keys[0] = random.bytes(48); keys[0][0] = (keys[0][0] & 0x3f) | 0x80; break;
    }
    const words = keys.flatMap((key, j) => [hex(key), hex(messages[j])]);
    yield [peer.tag, verdict(peer, signature, keys, messages), hex(signature), ...words].join(" ");
  }
}

// The rules before the pairing are Filecoin's: points are decoded first, then keys at infinity are rejected.
function verdict(peer, signature, keys, messages) {
  let points, point;
  try {
    point = isInfinity(signature) ? null : peer.readSignature(signature);
    points = keys.map((key) => (isInfinity(key) ? null : peer.readKey(key)));
  } catch {
    return "Malformed";
  }
  if (point === null || points.includes(null)) return "Invalid";
  return peer.verify(point, points, messages) ? "Valid" : "Invalid";
}
