// recorded.mjs LOTUS_URL FOLDER NODE…: forks a Lotus devnet by the command NODE through a recording, and compares all reads with Lotus's answers; forks
// the recording alone, and compares again; forks it once more with the same cache, which must read no block. The recording is left in FOLDER.
// The last line is `N passed, N failed, N skipped`.
import { spawn } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { Recording } from './recording.mjs'
import { Sides } from './sides.mjs'

const [lotusUrl, folder, ...command] = process.argv.slice(2)
const blocks = 12
const behindHead = 3
const actors = ['f00', 'f01', 'f02', 'f03', 'f04', 'f05', 'f06', 'f07', 'f010', 'f080', 'f090', 'f099', 'f01000', 'f0777777']
const accounts = ['0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266', '0x70997970c51812dc3a010c7d01b50e0d17dc79c8']
const hex = number => `0x${number.toString(16)}`

mkdirSync(folder, { recursive: true })
const recording = new Recording(`${lotusUrl}/rpc/v1`)
const upstream = await recording.start()

const ask = async (url, method, ...params) => {
  const response = await fetch(url, {
    method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params })
  })
  const { result, error } = await response.json()
  return error ? { error } : { result }
}
const lotus = async (method, ...params) => (await ask(`${lotusUrl}/rpc/v1`, method, ...params)).result

// A fork, while `use` runs with its URL.
async function withFork (epoch, cache, use) {
  const node = spawn(command[0], [
    ...command.slice(1), '--fork-url', upstream, '--fork-epoch', String(epoch), '--cache-dir', join(folder, cache), '--accounts', '1', '--balance', '0',
    '--port', '0', '--json'
  ], { stdio: ['ignore', 'pipe', 'inherit'] })
  try {
    let text = ''
    const url = await new Promise((resolve, reject) => {
      node.stdout.on('data', data => {
        text += data
        const found = /"url":"([^"]*)"/.exec(text)
        if (found) resolve(found[1])
      })
      node.on('exit', status => reject(new Error(`the fork ended with ${status}: ${text}`)))
      setTimeout(() => reject(new Error(`the fork did not start within 300 s: ${text}`)), 300_000).unref()
    })
    return await use(`${url}/rpc/v1`)
  } finally {
    node.kill()
    await new Promise(resolve => (node.exitCode === null ? node.on('exit', resolve) : resolve()))
  }
}

// The reads: what they are called, the method, and the parameters of Lotus and of the node. Lotus's states of a tipset are those before its messages,
// so that it is asked for the next one's.
async function reads (last) {
  const list = []
  const add = (what, method, mine, theirs = mine) => list.push({ what, method, params: [theirs, mine] })
  const tipset = epoch => lotus('Filecoin.ChainGetTipSetByHeight', epoch, [])
  const contracts = new Set()
  let next = await tipset(last + 1)
  let isFork = true
  for (let epoch = last; epoch > Math.max(0, last - blocks); epoch--) {
    const { Cids, Height } = await tipset(epoch)
    if (Height !== epoch) continue
    const number = hex(epoch)
    const what = 'recorded'
    add(what, 'eth_getBlockByNumber', [number, true])
    for (const method of ['eth_getBlockReceipts', 'trace_block', 'eth_getBlockTransactionCountByNumber']) add(what, method, [number])
    add(what, 'eth_getLogs', [{ fromBlock: number, toBlock: number }])
    for (const method of ['ChainGetTipSet', 'ChainGetMessagesInTipset', 'ChainTipSetWeight']) add(what, `Filecoin.${method}`, [Cids])
    for (const method of ['ChainGetBlock', 'ChainGetBlockMessages', 'ChainGetParentMessages', 'ChainGetParentReceipts', 'ChainReadObj']) {
      add(what, `Filecoin.${method}`, [Cids[0]])
    }
    for (const receipt of await lotus('eth_getBlockReceipts', number) ?? []) {
      if (receipt.contractAddress) contracts.add(receipt.contractAddress)
      add(what, 'eth_getTransactionReceipt', [receipt.transactionHash])
      add(what, 'eth_getTransactionByHash', [receipt.transactionHash])
      add(what, 'trace_transaction', [receipt.transactionHash])
    }
    // The fork's own accounts are in the state of its first block.
    for (const actor of isFork ? [] : actors) {
      for (const method of ['StateGetActor', 'StateReadState', 'StateLookupID', 'StateAccountKey']) {
        add(`${what} ${actor}`, `Filecoin.${method}`, [actor, Cids], [actor, next.Cids])
      }
    }
    for (const method of ['StateMinerInfo', 'StateMinerPower', 'StateMarketBalance']) {
      add(what, `Filecoin.${method}`, ['f01000', Cids], ['f01000', next.Cids])
    }
    for (const method of isFork ? [] : ['StateListMiners', 'StateListActors', 'StateVerifiedRegistryRootKey']) add(what, `Filecoin.${method}`, [Cids], [next.Cids])
    for (const address of [...accounts, ...contracts]) {
      for (const method of ['eth_getBalance', 'eth_getCode', 'eth_getTransactionCount']) add(`${what} ${address}`, method, [address, number])
      add(`${what} ${address}`, 'eth_getStorageAt', [address, '0x0', number])
      add(`${what} ${address}`, 'eth_call', [{ to: address }, number])
    }
    next = { Cids }
    isFork = false
  }
  return list
}

// Without what answers may differ in: the order of lists of actors, null in place of an empty list, and the words of errors.
function plain ({ result, error }) {
  if (error) return { error: error.code }
  const isNames = Array.isArray(result) && result.every(item => typeof item === 'string')
  return { result: isNames ? result.toSorted() : result ?? [] }
}

const last = (await lotus('Filecoin.ChainHead')).Height - behindHead
const list = await reads(last)
const sides = new Sides(`${lotusUrl}/rpc/v1`, null)
const first = await withFork(last, 'cache-1', async url => {
  const answers = []
  for (const { what, method, params: [theirs, mine] } of list) {
    const answer = await ask(url, method, ...mine)
    sides.compare(`${what}: ${method}`, plain(await ask(`${lotusUrl}/rpc/v1`, method, ...theirs)), plain(answer))
    answers.push(answer)
  }
  return answers
})
recording.stop()
writeFileSync(join(folder, 'recording.json.gz'), gzipSync(JSON.stringify([...recording.answers])))

for (const start of ['from the recording', 'from the recording and the cache']) {
  const before = recording.blocksRead
  await withFork(last, 'cache-2', async url => {
    for (const [index, { what, method, params: [, mine] }] of list.entries()) {
      const answer = await ask(url, method, ...mine)
      if (JSON.stringify(answer) === JSON.stringify(first[index])) sides.passed++
      else sides.fail(`${start}, ${what}: ${method} ${JSON.stringify(mine)}: ${JSON.stringify(answer)}`.slice(0, 400))
    }
  })
  const read = recording.blocksRead - before
  console.log(`${start}: ${list.length} reads, ${read} blocks`)
  if ((read === 0) === (start === 'from the recording')) sides.fail(`${start}: ${read} blocks were read`)
}
for (const key of recording.missing) sides.fail(`asked for, though not at the first start: ${key}`)
recording.end()
sides.finish({ ofAll: false })
