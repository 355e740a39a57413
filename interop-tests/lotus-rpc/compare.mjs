// compare.mjs LOTUS_URL NODE_URL FOLDER: sends the same transactions to a Lotus devnet and to `fvm node` that forks it, at the same epochs, and
// compares their answers. FOLDER has Lotus's contracts. A difference is a failure unless reasons.json has its path; the last line is
// `N passed, N failed, N skipped`.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Sides } from './sides.mjs'

const [lotusUrl, nodeUrl, contracts] = process.argv.slice(2)
const sides = new Sides(`${lotusUrl}/rpc/v1`, `${nodeUrl}/rpc/v1`)
const { lotus, node } = sides
const both = (...request) => sides.both(...request)

const first = '0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266'
const second = '0x70997970c51812dc3a010c7d01b50e0d17dc79c8'
const dataCapName = 48890204
const stranger = '0x00000000000000000000000000000000000a11ce'
const word = number => BigInt(number).toString(16).padStart(64, '0')
const addressWord = address => address.slice(2).padStart(64, '0')
const selector = async signature => (await node('web3_sha3', `0x${Buffer.from(signature).toString('hex')}`)).slice(0, 10)
const code = file => `0x${readFileSync(join(contracts, file), 'utf8').trim().replace(/^0x/, '')}`

// Lotus's miner proves its sectors once in a while: that block has a message more, whose fees the node's f099 does not get.
let minerSends = false

async function mineLotus () {
  const response = await fetch(`${lotusUrl}/devnet/mine?n=1`, { method: 'POST' })
  if (!response.ok) throw new Error(`Lotus does not mine: ${await response.text()}`)
}

// Makes the node's blocks up to an epoch: the epochs of Lotus's, some of which are null rounds, with their timestamps and base fees.
async function follow (end) {
  for (let epoch = Number(await node('eth_blockNumber')) + 1; epoch <= end; epoch++) {
    const { Height, Blocks, Cids } = await lotus('Filecoin.ChainGetTipSetByHeight', epoch, [])
    if (Height !== epoch) continue
    await node('evm_setNextBlockTimestamp', Blocks[0].Timestamp)
    await node('anvil_setNextBlockBaseFeePerGas', `0x${BigInt(Blocks[0].ParentBaseFee).toString(16)}`)
    await node('fvm_advanceTo', epoch)
    const made = await node('Filecoin.ChainGetTipSetByHeight', epoch, [])
    sides.name(Cids[0]['/'], made.Cids[0]['/'], `block ${epoch}`)
    await nameBlocks(epoch)
  }
}

async function nameBlocks (epoch) {
  const number = `0x${epoch.toString(16)}`
  const blocks = [await lotus('eth_getBlockByNumber', number, false), await node('eth_getBlockByNumber', number, false)]
  sides.name(blocks[0].hash, blocks[1].hash, `hash of block ${epoch}`)
  return blocks
}

// Sends to Lotus until the message is in a block whose messages have run, then to the node for the block of the same epoch.
async function inNextBlock (push, hashOf = sent => sent) {
  const sent = [await push(lotus)]
  const hash = await hashOf(sent[0])
  let found = null
  for (let i = 0; i < 20 && !found; i++) {
    await mineLotus()
    found = await lotus('eth_getTransactionReceipt', hash)
  }

  await follow(Number(found.blockNumber) - 1)
  sent.push(await push(node))
  await follow(Number(await lotus('eth_blockNumber')))
  sides.compare('what sending gives', ...sent)
  return hash
}

const fees = { maxFeePerGas: '0x77359400', maxPriorityFeePerGas: '0x186a0', gas: '0x1dcd6500' }
async function send (what, transaction) {
  const nonce = await node('eth_getTransactionCount', transaction.from, 'latest')
  const raw = await node('eth_signTransaction', { ...fees, nonce, ...transaction })
  return await look(what, await inNextBlock(side => side('eth_sendRawTransaction', raw)))
}

async function look (what, hash) {
  const [{ blockNumber }] = await both(what, 'eth_getTransactionByHash', hash)
  const blocks = await nameBlocks(Number(blockNumber))
  const [, receipt] = await both(what, 'eth_getTransactionReceipt', hash)
  await both(what, 'trace_transaction', hash)
  await both(what, 'eth_getLogs', side => [{ blockHash: blocks[side].hash }])
  await both(what, 'eth_getLogs', { fromBlock: blockNumber, toBlock: blockNumber, topics: [] })
  if (blocks[0].transactions.length === 1) await lookAtBlock(what, blockNumber, blocks)
  else minerSends = true
  const [cid] = await both(what, 'Filecoin.EthGetMessageCidByTransactionHash', hash)
  await both(what, 'Filecoin.EthGetTransactionHashByCid', cid)
  await both(what, 'Filecoin.ChainGetMessage', cid)
  await both(what, 'Filecoin.StateReplay', [], cid)
  const [found] = await both(what, 'Filecoin.StateSearchMsg', [], cid, -1, true)
  if (found.Receipt.EventsRoot) await both(what, 'Filecoin.ChainGetEvents', found.Receipt.EventsRoot)
  return receipt
}

async function lookAtBlock (what, number, blocks) {
  const byHash = side => [blocks[side].hash]
  sides.compare(`${what}: block`, blocks[0], blocks[1])
  await both(what, 'eth_getBlockReceipts', number)
  await both(what, 'eth_getBlockByNumber', number, true)
  await both(what, 'eth_getTransactionByBlockHashAndIndex', side => [...byHash(side), '0x0'])
  await both(what, 'eth_getBlockTransactionCountByHash', byHash)
  await both(what, 'trace_block', number)
  await both(what, 'trace_replayBlockTransactions', number, ['trace'])
}

async function call (what, transaction, block = 'latest') {
  await both(what, 'eth_call', transaction, block)
  await both(what, 'eth_estimateGas', transaction, block)
}

async function deploy (file, transaction = {}) {
  const contract = (await send(`deployment of ${file}`, { from: first, data: code(`${file}.hex`), ...transaction })).contractAddress
  await both(file, 'eth_getCode', contract, 'latest')
  await both(file, 'eth_getTransactionCount', contract, 'latest')
  const [address] = await both(file, 'Filecoin.EthAddressToFilecoinAddress', contract)
  return { contract, actor: () => both(file, 'Filecoin.StateGetActor', address, []) }
}

async function transferFlows () {
  await send('transfer', { from: first, to: second, value: '0x3' })
  await send('transfer to a new address', { from: first, to: stranger, value: '0x2540be400' })
  await send('transfer with input', { from: first, to: second, value: '0x1', data: '0x1234' })
  await send('too little gas', { from: first, to: second, value: '0x1', gas: '0x1e8480' })
  await send('transfer to a masked ID', { from: first, to: '0xff00000000000000000000000000000000000063', value: '0x1' })
  for (const address of [first, second, stranger, '0x0000000000000000000000000000000000000000', '0xff00000000000000000000000000000000000064']) {
    for (const method of ['eth_getTransactionCount', 'eth_getCode', 'eth_getBalance']) await both(address, method, address, 'latest')
    await both(address, 'Filecoin.EthAddressToFilecoinAddress', address)
  }

  await call('call: transfer', { from: first, to: second, value: '0x1' })
  await call('call: transfer beyond the balance', { from: stranger, to: second, value: '0x52b7d2dcc80cd2e4000000' })
  await call('call: nobody', { from: first, to: '0x00000000000000000000000000000000000b0b00', data: '0x' })
  await call('call: without a sender', { to: second })
}

async function errorFlows () {
  const { contract } = await deploy('Errors')
  for (const method of ['failRevertEmpty', 'failRevertReason', 'failAssert', 'failDivZero', 'failCustom', 'noSuchMethod']) {
    const data = await selector(`${method}()`)
    await call(`call: ${method}`, { from: first, to: contract, data })
    await send(method, { from: first, to: contract, data })
  }

  await send('constructor that reverts', { from: first, data: '0x60006000fd' })
  await send('constructor with an invalid instruction', { from: first, data: '0xfe' })
}

async function coinFlows () {
  const { contract, actor } = await deploy('SimpleCoin')
  await call('call: getBalance', { from: first, to: contract, data: `${await selector('getBalance(address)')}${addressWord(first)}` })
  const data = `${await selector('sendCoin(address,uint256)')}${addressWord(second)}${word(7)}`
  await send('sendCoin', { from: first, to: contract, data })
  await call('call: sendCoin', { from: first, to: contract, data })
  await both('SimpleCoin', 'eth_getStorageAt', contract, '0x0', 'latest')
  await both('SimpleCoin', 'eth_getBalance', contract, 'latest')
  await actor()
}

async function eventFlows () {
  const { contract } = await deploy('EventMatrix', { from: second })
  for (const [name, count] of [
    ['ZeroData', 0], ['OneData', 1], ['FourData', 4], ['OneIndexed', 1], ['ThreeIndexed', 3], ['OneIndexedWithData', 2],
    ['ThreeIndexedWithData', 4]]) {
    const types = Array(count).fill('uint256').join(',')
    const data = `${await selector(`logEvent${name}(${types})`)}${[...Array(count).keys()].map(i => word(i + 1)).join('')}`
    await send(`event with ${name}`, { from: second, to: contract, data })
  }

  await both('events', 'eth_getLogs', { fromBlock: '0x0', toBlock: 'latest', address: contract })
  await both('events', 'eth_getLogs', { fromBlock: '0x0', topics: [null, `0x${word(1)}`] })
  await both('no range', 'eth_getLogs', { fromBlock: '0x5', toBlock: '0x2' })
  const { contract: several } = await deploy('MultipleEvents')
  await send('four events', { from: first, to: several, data: await selector('emitFourEvents()') })
}

async function nestedFlows () {
  const { contract: recursive } = await deploy('Recursive')
  await send('recursion', { from: first, to: recursive, data: await selector('recursive10()') })
  const { contract: stack } = await deploy('StackFunc')
  await send('deep stack', { from: first, to: stack, data: `${await selector('exec1(uint256)')}${word(20)}` })
  const { contract: sender } = await deploy('ValueSender')
  await send('a contract makes a contract', { from: first, to: sender, data: await selector('createB()') })
  await send('value to a contract', { from: first, to: sender, value: '0x64' })
  const { contract: factory } = await deploy('Create2Factory')
  const salted = `${await selector('deploy(bytes32)')}${word(1)}`
  await call('call: CREATE2', { from: first, to: factory, data: salted })
  const made = (await node('eth_call', { from: first, to: factory, data: salted }, 'latest')).slice(-40)
  await send('CREATE2', { from: first, to: factory, data: salted })
  await send('CREATE2 again', { from: first, to: factory, data: salted })
  await send('self-destruction', { from: first, to: factory, data: `${await selector('test(address)')}${made.padStart(64, '0')}` })
  await both('after the self-destruction', 'eth_getCode', `0x${made}`, 'latest')
  const { contract: target } = await deploy('DelegatecallActor')
  const { contract: storage, actor } = await deploy('DelegatecallStorage')
  for (const method of ['setVars', 'setVarsRevert']) {
    const data = `${await selector(`${method}(address,uint256)`)}${addressWord(target)}${word(9)}`
    await send(`delegatecall: ${method}`, { from: first, to: storage, data })
  }

  await actor()
  const { contract: limited } = await deploy('GasLimitSend')
  await send('stipend', { from: first, to: limited, data: await selector('send()'), value: '0x1' })
  await call('call: a nested loop', { from: first, to: limited, data: await selector('expensiveTest()') })
  const { contract: unpaid } = await deploy('NotPayable')
  await send('value to what takes none', { from: first, to: unpaid, value: '0x1' })
  const { contract: transient } = await deploy('TransientStorageTest')
  await send('transient storage', { from: first, to: transient, data: await selector('runTests()') })
  const { contract: facts } = await deploy('Blocktest')
  const number = await node('eth_blockNumber')
  for (const method of ['getBasefee', 'getBlockNumber', 'getTimestamp', 'testChainID']) {
    await both(`call: ${method}`, 'eth_call', { from: first, to: facts, data: await selector(`${method}()`) }, number)
  }
}

async function nativeFlows () {
  for (const kind of ['1', '3']) {
    const from = (await node('Filecoin.WalletList')).find(address => address[1] === kind)
    const what = `f${kind}`
    const text = Buffer.from('message').toString('base64')
    await both(what, 'Filecoin.WalletVerify', from, text, await node('Filecoin.WalletSign', from, text))
    for (const [to, Method, Params] of [['f099', 0, null], ['f07', dataCapName, null], ['f06', 2, 'ghI=']]) {
      const message = {
        Version: 0, From: from, To: to, Nonce: await node('Filecoin.MpoolGetNonce', from), Value: '5', GasLimit: 50_000_000, GasFeeCap: '2000000000',
        GasPremium: '100000', Method, Params
      }
      const { Message, Signature } = await node('Filecoin.WalletSignMessage', from, message)
      const hash = await inNextBlock(
        side => side('Filecoin.MpoolPush', { Message, Signature }), cid => lotus('Filecoin.EthGetTransactionHashByCid', cid))
      await look(`${what} to ${to}`, hash)
      const next = { ...message, Nonce: message.Nonce + 1 }
      await both(what, 'Filecoin.MpoolGetNonce', from)
      await both(`${what} to ${to}`, 'Filecoin.StateCall', next, [])
      await both(`${what} to ${to}`, 'Filecoin.GasEstimateGasLimit', { ...next, GasLimit: 0 }, [])
    }

    for (const method of ['StateAccountKey', 'StateLookupID', 'StateLookupRobustAddress', 'StateGetActor']) {
      await both(what, `Filecoin.${method}`, from, [])
    }
  }
}

async function stateFlows () {
  const actors = ['f00', 'f01', 'f02', 'f03', 'f04', 'f05', 'f06', 'f07', 'f010', 'f01000', 'f0100', 'f0777777']
  for (const actor of [...(minerSends ? [] : ['f099']), ...actors]) {
    for (const method of ['StateReadState', 'StateGetActor', 'StateLookupID']) await both(actor, `Filecoin.${method}`, actor, [])
  }

  for (const method of ['StateMinerInfo', 'StateMinerPower', 'StateMarketBalance', 'StateVerifiedClientStatus', 'StateVerifierStatus']) {
    await both('miner', `Filecoin.${method}`, 'f01000', [])
  }

  for (const method of ['StateNetworkVersion', 'StateListMiners', 'StateVerifiedRegistryRootKey']) {
    await both('network', `Filecoin.${method}`, [])
  }

  for (const method of ['StateNetworkName', 'StateGetNetworkParams']) await both('network', `Filecoin.${method}`)
  const parameters = Buffer.from('82420001420002', 'hex').toString('base64')
  await both('parameters', 'Filecoin.StateDecodeParams', 'f04', 3, parameters, [])
  const heads = [await lotus('Filecoin.ChainHead'), await node('Filecoin.ChainHead')]
  sides.compare('shape of a tipset', shape(heads[0]), shape(heads[1]))
  for (const method of ['eth_chainId', 'net_version', 'net_listening', 'eth_protocolVersion', 'eth_syncing']) await both('node', method)
  await both('no block', 'eth_getBlockByNumber', '0xffffff', false)
  await both('no block', 'eth_getBlockByHash', `0x${word(1)}`, false)
  await both('no transaction', 'eth_getTransactionByHash', `0x${word(1)}`)
  await both('no transaction', 'eth_getTransactionReceipt', `0x${word(1)}`)
}

// Names and types without values: of lists the first item.
function shape (value) {
  if (Array.isArray(value)) return value.slice(0, 1).map(shape)
  if (value && typeof value === 'object') return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, shape(item)]))
  return value === null ? 'null' : typeof value
}

await node('evm_setAutomine', false)
for (let number = 0; number <= Number(await node('eth_blockNumber')); number++) {
  await both('shared blocks', 'eth_getBlockByNumber', `0x${number.toString(16)}`, true)
}

for (const flow of [transferFlows, coinFlows, errorFlows, eventFlows, nestedFlows, nativeFlows, stateFlows]) {
  try {
    await flow()
  } catch (error) {
    sides.fail(`${flow.name}: ${error.message}`)
  }
}

sides.finish()
