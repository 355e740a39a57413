// Writes BLS inputs for the benchmark and times blst on them, from bytes, with subgroup checks.
// usage: node blst.mjs FOLDER write | node blst.mjs FOLDER time
import { createRequire } from "node:module";
import { readFileSync, writeFileSync } from "node:fs";
import { randomBytes } from "node:crypto";
import { join } from "node:path";

const require = createRequire(join(process.cwd(), "package.json"));
const blst = require("@chainsafe/blst");
const [folder, action] = process.argv.slice(2);
const file = join(folder, "bls.txt");
const hex = (bytes) => Buffer.from(bytes).toString("hex");
const bytes = (text) => new Uint8Array(Buffer.from(text, "hex"));

if (action === "write") {
  const lines = [1, 100].map((count) => {
    const words = [];
    const signatures = [];
    for (let i = 0; i < count; i++) {
      const secret = blst.SecretKey.fromKeygen(randomBytes(32));
      const message = randomBytes(100);
      signatures.push(secret.sign(message));
      words.push(hex(secret.toPublicKey().toBytes()), hex(message));
    }
    return [count, hex(blst.aggregateSignatures(signatures).toBytes()), ...words].join(" ");
  });
  writeFileSync(file, lines.join("\n") + "\n");
} else {
  for (const line of readFileSync(file, "utf8").trim().split("\n")) {
    const [count, signature, ...rest] = line.split(" ");
    const keys = rest.filter((_, i) => i % 2 === 0).map(bytes);
    const messages = rest.filter((_, i) => i % 2 === 1).map(bytes);
    const signatureBytes = bytes(signature);
    const work = () => {
      const points = keys.map((key) => blst.PublicKey.fromBytes(key, true));
      const aggregate = blst.Signature.fromBytes(signatureBytes, true);
      const good = count === "1" ? blst.verify(messages[0], points[0], aggregate) : blst.aggregateVerify(messages, points, aggregate);
      if (!good) throw new Error("a good signature was refused");
    };
    const now = () => {
      const { user, system } = process.cpuUsage();
      return (user + system) * 1000;
    };
    let calls = 0;
    for (const start = now(); now() - start < 2.5e8; calls++) work();
    let best = Infinity;
    for (let run = 0; run < 7; run++) {
      const start = now();
      for (let i = 0; i < calls; i++) work();
      best = Math.min(best, (now() - start) / calls);
    }
    console.log(`bls-verify-${count} ${best.toFixed(0)}`);
  }
}
