// What filecoin-solidity's tests ask of Lotus's command lines, answered by a node that SUITE_URL names:
// node lotus.mjs lotus|lotus-miner|lotus-shed ARGUMENTS…
import { client } from './rpc.mjs'

const url = process.env.SUITE_URL
const miner = 't01000'
const registryRoot = 't080'
const invokeContract = 3844450837
const mainnetMinimum = String(2 ** 20)
const attos = 10n ** 18n

const ask = client(url)
const filecoin = (method, ...params) => ask(`Filecoin.${method}`, ...params)

// A message of the default account, once it is in a block.
const push = async message => {
  const { CID } = await filecoin('MpoolPushMessage', { From: await filecoin('WalletDefaultAddress'), ...message }, null)
  const { Receipt } = await filecoin('StateWaitMsg', CID, 0, 100, false)
  if (Receipt.ExitCode !== 0) throw new Error(`message ${CID['/']}: exit code ${Receipt.ExitCode}`)
  return CID['/']
}

const bytesInCbor = hex => {
  const bytes = Buffer.from(hex, 'hex')
  const head = Buffer.alloc(5, 0x5a)
  head.writeUInt32BE(bytes.length, 1)
  // The shortest form of the length is the only valid one.
  const short = bytes.length < 24 ? Buffer.of(0x40 + bytes.length) : bytes.length < 256 ? Buffer.of(0x58, bytes.length) : null
  const middle = Buffer.of(0x59, bytes.length >> 8, bytes.length & 255)
  return Buffer.concat([short ?? (bytes.length < 65536 ? middle : head), bytes])
}

// Each command: its words, and what it does with the words behind them that are no options.
const commands = [
  ['lotus wallet new', kind => filecoin('WalletNew', kind)],
  ['lotus wallet sign', async (address, hex) => {
    const { Type, Data } = await filecoin('WalletSign', address, Buffer.from(hex, 'hex').toString('base64'))
    return Buffer.concat([Buffer.of(Type), Buffer.from(Data, 'base64')]).toString('hex')
  }],
  ['lotus send', (to, amount) => push({ To: to, Value: String(BigInt(amount) * attos), Method: 0 })],
  ['lotus state lookup', address => filecoin('StateLookupID', address, null)],
  ['lotus evm invoke', (to, hex) => push({ To: to, Method: invokeContract, Params: bytesInCbor(hex).toString('base64') })],
  ['lotus filplus grant-datacap', (client, amount, options) => {
    const grant = allowance => ask('fvm_call', { from: options.from, to: 't06', method: 'AddVerifiedClient', params: { address: client, allowance } })
    // Development networks have a lower minimum than mainnet's actors.
    return grant(amount).catch(error => error.message.includes('below MinVerifiedDealSize') ? grant(mainnetMinimum) : Promise.reject(error))
  }],
  ['lotus-shed verifreg add-verifier', (root, verifier, amount) => ask('fvm_call', {
    from: registryRoot, to: 't06', method: 'AddVerifier', params: { address: verifier, allowance: amount }
  })],
  ['lotus-miner actor control set', async (...addresses) => {
    const { Owner, Worker } = await filecoin('StateMinerInfo', miner, null)
    await ask('fvm_call', {
      from: Owner,
      to: miner,
      method: 'ChangeWorkerAddress',
      params: { new_worker: Worker, new_control_addrs: addresses.filter(each => typeof each === 'string') }
    })
    return addresses[0]
  }],
  ['lotus-miner actor propose-change-beneficiary', async (beneficiary, quota, expiration) => {
    const { Owner } = await filecoin('StateMinerInfo', miner, null)
    await ask('fvm_call', {
      from: Owner,
      to: miner,
      method: 'ChangeBeneficiary',
      params: { new_beneficiary: beneficiary, new_quota: quota, new_expiration: Number(expiration) }
    })
    return beneficiary
  }]
]

const line = process.argv.slice(2)
const options = Object.fromEntries(line.filter(word => word.startsWith('--')).map(word => word.slice(2).split('=')))
const words = line.filter(word => !word.startsWith('--'))
const command = commands.find(([name]) => words.join(' ').startsWith(`${name} `))
if (!command) {
  console.error(`there is no stand-in for: ${line.join(' ')}`)
  process.exit(2)
}
try {
  const [name, run] = command
  const result = await run(...words.slice(name.split(' ').length), options)
  console.log(typeof result === 'string' ? result : JSON.stringify(result))
} catch (error) {
  console.error(error.message)
  process.exit(1)
}
