// Runs vectors through the sidecar, and compares results, state roots and trace digests.
//
//   replay.mjs --socket ADDRESS [--bundles DIR] [--every N] [--break COMMAND] FILE...
//
// The last line is "N passed, N failed, N skipped".
import { execSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { exit } from 'node:process';
import { parseArgs } from 'node:util';
import { Machine, connect, files, status } from './sidecar.mjs';
import { Node, atto, cid, input, read, readCar, settings } from './vectors.mjs';

// No timeout of gRPC or of the server is as short.
const atOnce = 2000;

const string = { type: 'string' };
const { values: options, positionals: paths } = parseArgs({
  allowPositionals: true, options: { socket: string, bundles: string, every: { type: 'string', default: '1' }, break: string },
});
const client = connect(options.socket, files());
const bundles = new Map();

function bundle(name) {
  if (name && !bundles.has(name)) {
    bundles.set(name, readCar(readFileSync(join(options.bundles, name))));
  }
  return bundles.get(name);
}

const nodeOf = (vector) => new Node(vector, bundle(vector._meta.bundle));

const hex = (bytes) => (bytes ?? Buffer.alloc(0)).toString('hex');

function* fields({ receipts, apply_rets: rets }, index, { result, trace }, faultChecked) {
  const [receipt, ret, got] = [receipts[index], rets[index], result.receipt];
  yield ['exit code', got.exit_code ?? 0, receipt.exit_code];
  yield ['gas', Number(got.gas_used ?? 0), receipt.gas_used];
  yield ['return', hex(got.return_data), Buffer.from(receipt.return, 'base64').toString('hex')];
  yield ['events root', hex(got.events_root), receipt.events_root ? hex(cid(receipt.events_root)) : ''];
  yield ['events', result.events?.length ?? 0, ret.events.length];
  yield ['penalty', atto(result.miner_penalty), ret.miner_penalty];
  yield ['tip', atto(result.miner_tip), ret.miner_tip];
  yield ['base fee burn', atto(result.base_fee_burn), ret.base_fee_burn];
  yield ['overestimation burn', atto(result.over_estimation_burn), ret.over_estimation_burn];
  yield ['refund', atto(result.refund), ret.refund];
  yield ['gas refund', Number(result.gas_refund ?? 0), ret.gas_refund];
  yield ['gas burned', Number(result.gas_burned ?? 0), ret.gas_burned];
  yield ['trace length', Number(trace.events ?? 0), ret.trace_length];
  // The recorder of fvm 4's vectors traces the charge for the check of a consensus fault as computation, fvm's own kernel as the rest.
  if (!faultChecked) {
    yield ['trace digest', hex(trace.digest), ret.trace_digest];
  }
}

// The first difference, or undefined. The function is called before each get of the messages.
async function run(vector, beforeGet, node = nodeOf(vector), options = {}) {
  const name = vector._meta.id;
  const post = vector.postconditions;
  const machine = await Machine.create(client, settings(vector, true), node, options);
  node.beforeGet = beforeGet;
  try {
    for (const [index, message] of vector.apply_messages.entries()) {
      const checks = node.faultChecks;
      const executed = await machine.execute(input(message), 'TRACE_FORM_DIGEST');
      for (const [field, got, wanted] of fields(post, index, executed, node.faultChecks > checks)) {
        if (got !== wanted) {
          return `${name}: message ${index}: ${field} ${got}, not ${wanted} (${executed.result.failure})`;
        }
      }
    }
    const root = await machine.flush();
    const wanted = cid(post.state_tree.root_cid);
    return root.equals(wanted) && node.get(root) ? undefined : `${name}: state root ${hex(root)}, not ${hex(wanted)}, or not put`;
  } finally {
    machine.close();
  }
}

// The first difference of a vector whose calls are one, or undefined.
async function asOne(vector) {
  const node = nodeOf(vector);
  const name = `${vector._meta.id} as one`;
  const inputs = vector.apply_messages.map(input);
  const { executed, stateRoot } = await Machine.run(client, settings(vector, true), node, inputs, { trace: 'TRACE_FORM_DIGEST' });
  if (executed.length !== inputs.length) {
    return `${name}: ${executed.length} results of ${inputs.length} messages`;
  }
  for (const [index, one] of executed.entries()) {
    for (const [field, got, wanted] of fields(vector.postconditions, index, one, node.faultChecks > 0)) {
      if (got !== wanted) {
        return `${name}: message ${index}: ${field} ${got}, not ${wanted} (${one.result.failure})`;
      }
    }
  }
  const wanted = cid(vector.postconditions.state_tree.root_cid);
  return stateRoot.equals(wanted) && node.get(stateRoot) ? undefined : `${name}: state root ${hex(stateRoot)}, not ${hex(wanted)}, or not put`;
}

// A run breaks off at a malformed message, and says at which.
async function breaksOff(vector) {
  const inputs = vector.apply_messages.map(input);
  inputs[1].message = Buffer.from([0xff]);
  try {
    await Machine.run(client, settings(vector, true), nodeOf(vector), inputs);
    return 'a run with a malformed message passed';
  } catch (error) {
    return error.messageIndex === 1 ? undefined : `the run broke off at message ${error.messageIndex}: ${error.message}`;
  }
}

const attempt = (vector) => run(vector).catch((error) => `${vector._meta.id}: ${error.message}`);

// A command kills the server in the midst of the vector and starts another one: the client must get UNAVAILABLE at once, and then, as a node executes
// its tipset again, the vector's results.
async function breaks(vector, command) {
  let killed;
  try {
    await run(vector, () => {
      if (killed === undefined) {
        execSync(command);
        killed = performance.now();
      }
    });
    return 'the server was killed, and the vector passed';
  } catch (error) {
    if (error.code !== status.UNAVAILABLE || killed === undefined || performance.now() - killed > atOnce) {
      return `the server was killed, and the error is: ${error.message}`;
    }
  }
  await new Promise((resolve) => { client.waitForReady(Date.now() + atOnce, resolve); });
  return attempt(vector);
}

// The node of a complete store is asked for less, and the results are the same.
async function completes(vector) {
  const gets = [];
  for (const completeStore of [false, true]) {
    const node = nodeOf(vector);
    const difference = await run(vector, undefined, node, { completeStore });
    if (difference) {
      return `with completeStore ${completeStore}: ${difference}`;
    }
    gets.push(node.gets);
  }
  return gets[1] < gets[0] ? undefined : `${gets[1]} gets of a complete store, ${gets[0]} of another one`;
}

let passed = 0;
let failed = 0;
const count = (difference) => {
  if (difference) {
    failed++;
    console.log(`FAIL ${difference}`);
  } else {
    passed++;
  }
};

if (options.break) {
  const { value: vector } = await read(paths[0]).next();
  count(await breaks(vector, options.break));
  // Now that the server's cache is filled.
  count(await completes(vector));
  count(await breaksOff(vector));
  for (const path of paths) {
    for await (const one of read(path, 1)) {
      count(await asOne(one).catch((error) => `${one._meta.id} as one: ${error.message}`));
    }
  }
}
async function* all() {
  for (const path of paths) {
    yield* read(path, Number(options.every));
  }
}
const vectors = all();
await Promise.all([1, 2].map(async () => {
  for await (const vector of { [Symbol.asyncIterator]: () => ({ next: () => vectors.next() }) }) {
    count(await attempt(vector));
  }
}));
console.log(`${passed} passed, ${failed} failed, 0 skipped`);
client.close();
exit(failed ? 1 : 0);
