// bench.mjs CHAIN_ID|URL TRANSFERS: the signed transactions and the calls that scripts/bench-node sends, as JSON: the deployment of the ERC-20, and transfers.
import { HDNodeWallet, Interface, getCreateAddress, keccak256 } from 'ethers'
import { compile } from './compile.mjs'

const [chain, count] = process.argv.slice(2)
const body = '{"jsonrpc":"2.0","id":1,"method":"eth_chainId","params":[]}'
const ask = async url => (await (await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body })).json()).result
const chainId = Number(chain.startsWith('http') ? await ask(chain) : chain)
const wallet = HDNodeWallet.fromPhrase('test test test test test test test test test test test junk')
const { abi, bytecode } = compile().Token
const token = new Interface(abi)
const receiver = '0x70997970C51812dc3A010C7d01b50e0d17dc79C8'
const transfer = token.encodeFunctionData('transfer', [receiver, 1n])
const contract = getCreateAddress({ from: wallet.address, nonce: 0 })
const sign = async (nonce, rest, gasLimit) => {
  const raw = await wallet.signTransaction({ type: 2, chainId, nonce, gasLimit, maxFeePerGas: 5_000_000_000n, maxPriorityFeePerGas: 100_000n, ...rest })
  return { raw, hash: keccak256(raw) }
}

const deploy = await sign(0, { data: bytecode }, 2_000_000_000n)
const transfers = []
for (let i = 1; i <= count; i++) transfers.push(await sign(i, { to: contract, data: transfer }, 200_000_000n))
console.log(JSON.stringify({ from: wallet.address, deploy, transfers, transfer, balanceOf: token.encodeFunctionData('balanceOf', [wallet.address]) }))
