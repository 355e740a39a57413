// Executes the first message of a vector: example.mjs ADDRESS VECTOR.json
import { argv, exit } from 'node:process';
import { Machine, connect, files } from './sidecar.mjs';
import { Node, input, read, settings } from './vectors.mjs';

const [address, path] = argv.slice(2);
const { value: vector } = await read(path).next();
const client = connect(address, files());
try {
  const machine = await Machine.create(client, settings(vector, false), new Node(vector));
  const { result } = await machine.execute(input(vector.apply_messages[0]));
  const root = await machine.flush();
  machine.close();
  console.log(`exit ${result.receipt.exit_code ?? 0}, gas ${result.receipt.gas_used}, state root ${root.toString('hex')}`);
} catch (error) {
  // No result: execute the tipset again on a new machine.
  console.error(`example: ${error.message}`);
  exit(1);
} finally {
  client.close();
}
