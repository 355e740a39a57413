// A client of the sidecar: machines over a Unix socket, or TCP with TLS.
//
// A call that rejects has no result: execute the tipset again on a new machine. Whole numbers of 64 bits are strings, bytes are Buffers.
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { env } from 'node:process';
import { fileURLToPath } from 'node:url';
import grpc from '@grpc/grpc-js';
import loader from '@grpc/proto-loader';

// The server's limit of a frame, with room for what gRPC adds.
const maxFrame = 17 << 20;
const maxAnswer = 8 << 20;
const machineId = 1;
const scheme = 'https://';

const protos = join(dirname(fileURLToPath(import.meta.url)), '../../proto');
const definition = loader.loadSync('fvm/v1/session.proto', { includeDirs: [protos], keepCase: true, longs: String, enums: String, oneofs: true });
const { SessionService } = grpc.loadPackageDefinition(definition).fvm.v1;

export const status = grpc.status;

/** Thrown by a node: the chain has no answer, and the message ends with exit code 10, as with the reference. */
export class NoAnswer extends Error {}

/**
 * A client for any number of machines: of the server at the path of a Unix socket, or at https://HOST:PORT. For the latter there are files: with the
 * authorities of the server's certificate; certificate and key of the client, if the server wants them; the bearer token, if it wants one.
 */
export function connect(address, { ca, certificate, key, token } = {}) {
  const options = {
    'grpc.max_receive_message_length': maxFrame,
    'grpc.max_send_message_length': maxFrame,
    // A restarted server is found again within a second.
    'grpc.initial_reconnect_backoff_ms': 50,
    'grpc.max_reconnect_backoff_ms': 1000,
  };
  if (!address.startsWith(scheme)) {
    return new SessionService(`unix:${address}`, grpc.credentials.createInsecure(), { ...options, 'grpc.default_authority': 'localhost' });
  }
  let credentials = grpc.credentials.createSsl(...[ca, key, certificate].map((file) => (file ? readFileSync(file) : null)));
  if (token) {
    const headers = new grpc.Metadata();
    headers.set('authorization', `Bearer ${readFileSync(token, 'utf8').trim()}`);
    const bearer = grpc.credentials.createFromMetadataGenerator((_, done) => done(null, headers));
    credentials = grpc.credentials.combineChannelCredentials(credentials, bearer);
  }
  return new SessionService(address.slice(scheme.length), credentials, options);
}

/** The files for connect that FVM_SIDECAR_CA, FVM_SIDECAR_CERTIFICATE, FVM_SIDECAR_KEY and FVM_SIDECAR_TOKEN name. */
export const files = () => ({
  ca: env.FVM_SIDECAR_CA, certificate: env.FVM_SIDECAR_CERTIFICATE, key: env.FVM_SIDECAR_KEY, token: env.FVM_SIDECAR_TOKEN,
});

/**
 * A machine, in a session of its own. Its calls run one after another.
 *
 * The node has get(cid): Buffer or undefined, put(cid, data), randomness(epoch, beacon), tipsetCid(epoch), consensusFault(headers):
 * ConsensusFaultAnswer, and verify(callback): verdicts; each may return a promise. What the node throws ends the call without a result, unless it is
 * NoAnswer.
 *
 * A complete store lacks no block of the state: the machine takes those in the server's cache without a question.
 */
export class Machine {
  #stream;
  #node;
  #calls = 0;
  #pending;
  #failure;
  #tree = [];
  #executed = [];
  #parts = Promise.resolve();

  static async create(client, settings, node, { completeStore = false } = {}) {
    const machine = Machine.#open(client, node, completeStore);
    await machine.#call({ create_machine: { machine_id: machineId, settings } });
    return machine;
  }

  /**
   * Creates a machine, executes MessageInputs, flushes and drops it, in one call. Resolves to { executed, stateRoot }: one MessageExecuted per
   * message, and a CID. The new blocks come with the answer, and are put to the node before.
   */
  static async run(client, settings, node, messages, { trace = 'TRACE_FORM_UNSPECIFIED', completeStore = false } = {}) {
    const machine = Machine.#open(client, node, completeStore);
    try {
      const run = { machine_id: machineId, settings, messages, trace, flushes: true, returns_blocks: true, drops: true };
      const { machine_ran: ran } = await machine.#call({ run_machine: run });
      return { executed: machine.#executed, stateRoot: ran.state_root };
    } finally {
      machine.close();
    }
  }

  static #open(client, node, completeStore) {
    const machine = new Machine();
    machine.#node = node;
    machine.#stream = client.Session();
    machine.#stream.on('data', (frame) => machine.#take(frame));
    machine.#stream.on('error', (error) => machine.#fail(error));
    machine.#stream.on('end', () => machine.#fail(new Error('the session ended before the call did')));
    // The answer to the opening is read with the creation's.
    machine.#stream.write({ open: { client: 'node', priority: 'PRIORITY_HIGH', complete_store: completeStore } });
    return machine;
  }

  /** Executes a MessageInput, and resolves to MessageExecuted. */
  async execute(input, trace = 'TRACE_FORM_UNSPECIFIED') {
    return (await this.#call({ execute_message: { machine_id: machineId, input, trace } })).message_executed;
  }

  /** Puts the new blocks, and resolves to the CID of the state root. */
  async flush() {
    return (await this.#call({ flush_machine: { machine_id: machineId } })).machine_flushed.state_root;
  }

  /** Drops the machine. */
  close() {
    this.#failure ??= new Error('the machine is closed');
    this.#stream.cancel();
  }

  #call(request) {
    return new Promise((resolve, reject) => {
      if (this.#failure) {
        reject(this.#failure);
        return;
      }
      this.#pending = { resolve, reject };
      this.#stream.write({ call_id: ++this.#calls, ...request });
    });
  }

  #fail(error) {
    this.#failure ??= error;
    this.#pending?.reject(error);
    this.#pending = undefined;
  }

  async #take(frame) {
    switch (frame.frame) {
      case 'opened':
      case 'trace_events':
        break;
      case 'callback':
        for (const answer of await this.#answers(frame.callback)) {
          this.#stream.write({ callback_answer: { callback_id: frame.callback.callback_id, ...answer } });
        }
        break;
      case 'trace_tree_part':
        this.#tree.push(frame.trace_tree_part.data);
        break;
      case 'run_part':
        await this.#takePart(frame.run_part);
        break;
      case 'machine_ran':
        if (await this.#takePart(frame.machine_ran.rest)) {
          this.#pending?.resolve(frame);
        }
        break;
      case 'error': {
        const { code, message, detail } = frame.error;
        const error = Object.assign(new Error(message), { code, reason: detail?.reason, messageIndex: detail?.message_index });
        this.#pending?.reject(error);
        break;
      }
      default:
        if (this.#tree.length) {
          frame.message_executed.trace.tree = Buffer.concat(this.#tree);
          this.#tree = [];
        }
        this.#pending?.resolve(frame);
    }
  }

  // Frames that follow wait for the part before: whatever the node takes its time for, blocks are put before the run ends.
  #takePart(part) {
    const last = this.#parts.then(async () => {
      if (this.#tree.length) {
        // Parts of a tree come before the result that they belong to.
        part.executed[0].trace.tree = Buffer.concat(this.#tree);
        this.#tree = [];
      }
      this.#executed.push(...part?.executed ?? []);
      for (const { cid, data } of part?.blocks ?? []) {
        await this.#node.put(cid, data ?? Buffer.alloc(0));
      }
      return true;
    });
    this.#parts = last.catch((error) => this.#fail(error));
    return this.#parts;
  }

  async #answers(callback) {
    try {
      return await this.#answer(callback);
    } catch (error) {
      const kind = error instanceof NoAnswer ? 'CALLBACK_FAILURE_KIND_FATAL' : 'CALLBACK_FAILURE_KIND_TRANSIENT';
      return [{ failure: { kind, message: String(error) } }];
    }
  }

  async #answer(callback) {
    const node = this.#node;
    const question = callback[callback.question];
    switch (callback.question) {
      case 'get_blocks':
        return this.#blocks(question.cids);
      case 'has_blocks': {
        const exists = [];
        for (const cid of question.cids) {
          exists.push(await node.get(cid) !== undefined);
        }
        return [{ existence: { exists } }];
      }
      case 'put_blocks':
        for (const { cid, data } of question.blocks) {
          await node.put(cid, data ?? Buffer.alloc(0));
        }
        return [{ stored: {} }];
      case 'chain_randomness':
      case 'beacon_randomness':
        return [{ randomness: { randomness: await node.randomness(question.epoch ?? '0', callback.question === 'beacon_randomness') } }];
      case 'consensus_fault':
        return [{ consensus_fault: await node.consensusFault(question) }];
      case 'tipset_cid':
        return [{ tipset_cid: { cid: await node.tipsetCid(question.epoch ?? '0') } }];
      case undefined:
        throw new Error('the client does not know the question');
      default:
        return [{ proof: { verdicts: await node.verify(callback) } }];
    }
  }

  // In several answers if the blocks do not fit into one.
  async #blocks(cids) {
    const answers = [];
    let blocks = [];
    let size = 0;
    for (const cid of cids) {
      const data = await this.#node.get(cid);
      if (size > 0 && size + (data?.length ?? 0) > maxAnswer) {
        answers.push({ blocks: { blocks, more: true } });
        blocks = [];
        size = 0;
      }
      // Without data: an absent block. An empty block has data without bytes.
      blocks.push(data === undefined ? {} : { data });
      size += data?.length ?? 0;
    }
    return [...answers, { blocks: { blocks } }];
  }
}
