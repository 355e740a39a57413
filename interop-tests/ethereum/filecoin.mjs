// iso-filecoin, unmodified, against the node: a native account sends, estimates, waits, and looks addresses up.
import { fromEthAddress } from 'iso-filecoin/address'
import { Message } from 'iso-filecoin/message'
import { RPC } from 'iso-filecoin/rpc'
import { accountFromMnemonic, signMessage } from 'iso-filecoin/wallet'
import { check, contains, equal } from './check.mjs'

const mnemonic = 'test test test test test test test test test test test junk'

const valueOf = ({ result, error }) => {
  if (error) throw new Error(`${error.message}: ${error.cause?.message ?? ''}`)
  return result
}

// `eth`: an address of Ethereum, which receives.
export async function checkFilecoin (url, eth) {
  const rpc = new RPC({ api: `${url}/rpc/v1`, network: 'testnet' })
  const account = accountFromMnemonic(mnemonic, 'SECP256K1', "m/44'/461'/0'/0/0", '', 'testnet')
  const receiver = fromEthAddress(eth, 'testnet').toString()
  const from = account.address.toString()
  await check('iso-filecoin: network, head, balance', async () => {
    contains(valueOf(await rpc.version()).Version, 'fvm')
    if (!valueOf(await rpc.networkName())) throw new Error('the network has no name')
    if (valueOf(await rpc.chainHead()).Blocks.length !== 1) throw new Error('the head has not one block')
    contains(valueOf(await rpc.balance(from)), '0000000000')
  })
  await check('iso-filecoin: prepare, sign, push, wait', async () => {
    const before = BigInt(valueOf(await rpc.balance(receiver)))
    const message = await new Message({ from, to: receiver, value: '1234' }).prepare(rpc)
    if (!(message.gasLimit > 0)) throw new Error('no gas was estimated')
    const data = signMessage(account.privateKey, 'SECP256K1', message)
    const cid = valueOf(await rpc.pushMessage({ msg: message, signature: data }))
    equal(valueOf(await rpc.waitMsg({ cid })).Receipt.ExitCode, 0, 'exit code')
    equal(BigInt(valueOf(await rpc.balance(receiver))), before + 1234n, 'balance')
    equal(valueOf(await rpc.nonce(from)), message.nonce + 1, 'nonce')
  })
  await check('iso-filecoin: addresses', async () => {
    const id = valueOf(await rpc.stateLookupID({ address: from }))
    equal(valueOf(await rpc.stateAccountKey({ address: id })), from, 'key')
    contains(valueOf(await rpc.filecoinAddressToEthAddress({ address: from, blockNumber: 'latest' })), '0xff')
    equal(valueOf(await rpc.filecoinAddressToEthAddress({ address: receiver, blockNumber: 'latest' })), eth, 'address')
  })
}
