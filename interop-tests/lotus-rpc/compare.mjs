// compare.mjs LOTUS_URL NODE_URL FOLDER: sends the same transactions to a Lotus devnet and to `fvm node`, and compares their answers field by
// field. A difference is a failure unless reasons.json has its path. The last line is `N passed, N failed, N skipped`.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const [lotusUrl, nodeUrl, contracts] = process.argv.slice(2);
const reasons = JSON.parse(readFileSync(new URL('reasons.json', import.meta.url)));
const used = new Set();
let passed = 0;
let failed = 0;

const first = '0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266';
const second = '0x70997970c51812dc3a010c7d01b50e0d17dc79c8';
const stranger = '0x00000000000000000000000000000000000a11ce';
const gas = '0x5f5e100';

async function ask(url, method, params) {
  const response = await fetch(`${url}/rpc/v1`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
    signal: AbortSignal.timeout(60_000),
  });
  const answer = await response.json();
  return answer.error ? { error: answer.error } : { result: answer.result };
}

async function must(url, method, ...params) {
  const { result, error } = await ask(url, method, params);
  if (error) throw new Error(`${url} ${method}: ${error.message}`);
  return result;
}

const lotus = (method, ...params) => must(lotusUrl, method, ...params);
const node = (method, ...params) => must(nodeUrl, method, ...params);
const mine = async (n = 2) => {
  const response = await fetch(`${lotusUrl}/devnet/mine?n=${n}`, { method: 'POST' });
  if (!response.ok) throw new Error(`Lotus does not mine: ${await response.text()}`);
};

// What the two chains name differently: hashes and numbers of blocks, CIDs of messages on them. Each has the same name on both sides.
const names = [new Map(), new Map()];
function name(left, right, text) {
  names[0].set(left, text);
  names[1].set(right, text);
}
function renamed(value, side) {
  if (Array.isArray(value)) return value.map(item => renamed(item, side));
  if (value && typeof value === 'object') return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, renamed(item, side)]));
  return names[side].get(value) ?? value;
}

function reasonFor(path) {
  const found = reasons.find(({ path: pattern }) => new RegExp(`^${pattern.replaceAll('.', '\\.').replaceAll('[]', '\\[\\d+\\]').replaceAll('*', '.*')}$`).test(path));
  if (found) used.add(found);
  return found;
}

function differences(left, right, path, found) {
  if (left && right && typeof left === 'object' && typeof right === 'object' && Array.isArray(left) === Array.isArray(right)) {
    for (const key of new Set([...Object.keys(left), ...Object.keys(right)])) {
      differences(left[key], right[key], Array.isArray(left) ? `${path}[${key}]` : `${path}.${key}`, found);
    }
  } else if (left !== right) {
    found.push({ path, left, right });
  }
}

const short = value => {
  const text = JSON.stringify(value) ?? 'absent';
  return text.length <= 200 ? text : `${text.slice(0, 200)}…`;
};

function compare(what, left, right) {
  const found = [];
  differences(renamed(left, 0), renamed(right, 1), what, found);
  const unexplained = found.filter(({ path }) => !reasonFor(path));
  if (unexplained.length === 0) {
    passed++;
  } else {
    failed++;
    for (const { path, left: a, right: b } of unexplained) console.log(`${path}: Lotus ${short(a)}, node ${short(b)}`);
  }
}

async function both(what, method, ...params) {
  const sides = typeof params[0] === 'function' ? [params[0](0), params[0](1)] : [params, params];
  const [left, right] = await Promise.all([ask(lotusUrl, method, sides[0]), ask(nodeUrl, method, sides[1])]);
  compare(`${what} ${method}`, left, right);
  return [left.result, right.result];
}

// Sends a transaction that the node's key signs, to both; the receipts of both, when they are mined.
const fees = { maxFeePerGas: '0x77359400', maxPriorityFeePerGas: '0x186a0' };
async function send(what, transaction) {
  const nonce = await node('eth_getTransactionCount', transaction.from, 'pending');
  const raw = await node('eth_signTransaction', { gas, ...fees, nonce, ...transaction });
  await both(what, 'eth_sendRawTransaction', raw);
  await mine();
  const hash = await node('eth_sendRawTransaction', raw).catch(() => null) ?? (await latestOf(transaction.from));
  return await look(what, hash);
}

async function latestOf() {
  const block = await node('eth_getBlockByNumber', 'latest', false);
  return block.transactions[0];
}

async function look(what, hash) {
  const receipts = [await lotus('eth_getTransactionReceipt', hash), await node('eth_getTransactionReceipt', hash)];
  for (const key of ['blockHash', 'blockNumber']) name(receipts[0][key], receipts[1][key], `${key} of ${what}`);
  const blocks = [await lotus('eth_getBlockByHash', receipts[0].blockHash, false), await node('eth_getBlockByHash', receipts[1].blockHash, false)];
  name(blocks[0].timestamp, blocks[1].timestamp, `timestamp of ${what}`);
  name(blocks[0].parentHash, blocks[1].parentHash, `parent of ${what}`);
  compare(`${what} receipt`, receipts[0], receipts[1]);
  compare(`${what} block`, blocks[0], blocks[1]);
  await both(what, 'eth_getTransactionByHash', hash);
  await both(what, 'trace_transaction', hash);
  await both(what, 'trace_block', side => [receipts[side].blockNumber]);
  await both(what, 'trace_replayBlockTransactions', side => [receipts[side].blockNumber, ['trace']]);
  await both(what, 'eth_getBlockReceipts', side => [receipts[side].blockNumber]);
  await both(what, 'eth_getLogs', side => [{ blockHash: receipts[side].blockHash }]);
  const [cid] = await both(what, 'Filecoin.EthGetMessageCidByTransactionHash', hash);
  await both(what, 'Filecoin.EthGetTransactionHashByCid', cid);
  await both(what, 'Filecoin.ChainGetMessage', cid);
  const found = await Promise.all([lotus('Filecoin.StateSearchMsg', [], cid, -1, true), node('Filecoin.StateSearchMsg', [], cid, -1, true)]);
  name(found[0].Height, found[1].Height, `height of the receipt of ${what}`);
  found.forEach(lookup => { lookup.TipSet = 'the next one'; });
  compare(`${what} StateSearchMsg`, found[0], found[1]);
  await both(what, 'Filecoin.StateReplay', [], cid);
  const root = found[0].Receipt.EventsRoot;
  if (root) {
    await both(what, 'Filecoin.ChainGetEvents', root);
  }

  return receipts[1];
}

const code = file => `0x${readFileSync(join(contracts, file), 'utf8').trim().replace(/^0x/, '')}`;
const word = number => number.toString(16).padStart(64, '0');
const addressWord = address => address.slice(2).padStart(64, '0');

async function call(what, transaction, block = 'latest') {
  await both(what, 'eth_call', transaction, block);
  await both(what, 'eth_estimateGas', transaction, block);
}

async function contractFlows() {
  const coin = (await send('deployment', { from: first, data: code('SimpleCoin.hex') })).contractAddress;
  await both('deployment', 'eth_getCode', coin, 'latest');
  await both('deployment', 'eth_getTransactionCount', coin, 'latest');
  await call('balance', { from: first, to: coin, data: `0xf8b2cb4f${addressWord(first)}` });
  await send('coins', { from: first, to: coin, data: `0x90b98a11${addressWord(second)}${word(7)}` });
  await call('coins again', { from: first, to: coin, data: `0x90b98a11${addressWord(second)}${word(7)}` });
  await both('coins', 'eth_getStorageAt', coin, '0x0', 'latest');
  await call('no method', { from: first, to: coin, data: '0x12345678' });
  const errors = (await send('errors', { from: first, data: code('Errors.hex') })).contractAddress;
  for (const [what, selector] of [
    ['empty revert', 'c6dbcf2e'], ['reason', '8791bd33'], ['custom error', 'b28f6ab7'], ['assertion', '4a1f689d'], ['division by zero', '0abe88b6']]) {
    await call(what, { from: first, to: errors, data: `0x${selector}` });
    await send(`sent ${what}`, { from: first, to: errors, data: `0x${selector}` });
  }

  const events = (await send('events contract', { from: second, data: code('EventMatrix.hex') })).contractAddress;
  for (const [what, data] of [
    ['no data', '0xcdf3c3b4'], ['one topic', `0x5d3db8ca${word(1)}`], ['two topics', `0x9cb5f7f8${word(1)}${word(2)}`]]) {
    await send(what, { from: second, to: events, data });
  }
}

async function transferFlows() {
  await send('transfer', { from: first, to: second, value: '0x3' });
  await send('transfer to a new address', { from: first, to: stranger, value: '0x2540be400' });
  await send('transfer with input', { from: first, to: second, value: '0x1', data: '0x1234' });
  await send('too little gas', { from: first, to: second, value: '0x1', gas: '0x1e8480' });
  for (const address of [first, second, stranger, '0x0000000000000000000000000000000000000000', '0xff00000000000000000000000000000000000063']) {
    await both('account', 'eth_getTransactionCount', address, 'latest');
    await both('account', 'eth_getCode', address, 'latest');
    await both('account', 'Filecoin.EthAddressToFilecoinAddress', address);
  }

  await call('transfer', { from: first, to: second, value: '0x1' });
  await call('transfer beyond the balance', { from: stranger, to: second, value: '0x52b7d2dcc80cd2e4000000' });
  await call('call of nobody', { from: first, to: '0x00000000000000000000000000000000000b0b00', data: '0x' });
}

async function nativeFlows() {
  for (const key of ['secp256k1', 'bls']) {
    const kind = key === 'bls' ? 'f3' : 'f1';
    const from = (await node('Filecoin.WalletList')).find(address => address.startsWith(kind));
    const message = {
      Version: 0, From: from, To: 'f099', Nonce: 0, Value: '5', GasLimit: 10_000_000, GasFeeCap: '2000000000', GasPremium: '100000', Method: 0,
      Params: null,
    };
    const signed = await node('Filecoin.WalletSignMessage', from, message);
    await both(key, 'Filecoin.WalletVerify', from, Buffer.from('message').toString('base64'), await node('Filecoin.WalletSign', from, Buffer.from('message').toString('base64')));
    const [cid] = await both(key, 'Filecoin.MpoolPush', { Message: signed.Message, Signature: signed.Signature });
    await mine();
    const [hash] = await both(key, 'Filecoin.EthGetTransactionHashByCid', cid);
    await look(key, hash);
    await both(key, 'Filecoin.StateAccountKey', from, []);
    await both(key, 'Filecoin.MpoolGetNonce', from);
    await both(key, 'Filecoin.StateCall', { ...message, Nonce: 1 }, []);
    await both(key, 'Filecoin.GasEstimateGasLimit', { ...message, GasLimit: 0, Nonce: 1 }, []);
    await both(key, 'Filecoin.GasEstimateMessageGas', { ...message, GasLimit: 0, Nonce: 1 }, { MaxFee: '0' }, []);
  }
}

async function stateFlows() {
  for (const actor of ['f00', 'f01', 'f02', 'f03', 'f04', 'f05', 'f06', 'f07', 'f010', 'f099', 'f01000']) {
    await both('state', 'Filecoin.StateReadState', actor, []);
    await both('state', 'Filecoin.StateGetActor', actor, []);
    await both('state', 'Filecoin.StateLookupID', actor, []);
  }

  await both('miner', 'Filecoin.StateMinerInfo', 'f01000', []);
  await both('miner', 'Filecoin.StateMinerPower', 'f01000', []);
  await both('miner', 'Filecoin.StateMarketBalance', 'f01000', []);
  await both('miner', 'Filecoin.StateVerifiedClientStatus', 'f01000', []);
  await both('network', 'Filecoin.StateNetworkVersion', []);
  await both('network', 'Filecoin.StateGetNetworkParams');
  await both('network', 'Filecoin.StateListMiners', []);
  await both('parameters', 'Filecoin.StateDecodeParams', 'f04', 2, Buffer.from('8542006542006605404180'.replace('4180', '80'), 'hex').toString('base64'), []);
  await both('nobody', 'Filecoin.StateGetActor', 'f0777777', []);
  await both('nobody', 'Filecoin.StateLookupID', 'f0777777', []);
  const heads = [await lotus('Filecoin.ChainHead'), await node('Filecoin.ChainHead')];
  compare('shape of a tipset', shape(heads[0]), shape(heads[1]));
  await both('head', 'eth_syncing');
  for (const method of ['eth_chainId', 'net_version', 'net_listening', 'eth_protocolVersion', 'eth_accounts']) await both('node', method);
}

// Names and types without values: of lists the first item.
function shape(value) {
  if (Array.isArray(value)) return value.slice(0, 1).map(shape);
  if (value && typeof value === 'object') return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, shape(item)]));
  return value === null ? 'null' : typeof value;
}

await mine(3);
for (const flow of [transferFlows, contractFlows, nativeFlows, stateFlows]) {
  try {
    await flow();
  } catch (error) {
    failed++;
    console.log(`${flow.name}: ${error.message}`);
  }
}

for (const reason of reasons) {
  if (!used.has(reason)) {
    failed++;
    console.log(`reasons.json: nothing differs at ${reason.path}: remove it`);
  }
}

console.log(`${passed} passed, ${failed} failed, 0 skipped`);
process.exitCode = failed > 0 ? 1 : 0;
