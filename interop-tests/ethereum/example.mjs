// Deploys an ERC-20 by ethers, transfers, and prints balances, gas and the calls of the transfer.
import { ethers } from 'ethers'
import { compile } from './compile.mjs'

const provider = new ethers.JsonRpcProvider(process.argv[2], undefined, { cacheTimeout: -1, pollingInterval: 50 })
const [owner, receiver] = await Promise.all([provider.getSigner(0), provider.getSigner(1)])
const { Token } = compile()
const token = await new ethers.ContractFactory(Token.abi, Token.bytecode, owner).deploy()
const deployed = await token.deploymentTransaction().wait()
console.log(`deployed ${await token.getAddress()} in block ${deployed.blockNumber}, gas ${deployed.gasUsed}`)
const transferred = await (await token.transfer(receiver.address, ethers.parseEther('250'))).wait()
console.log(`transferred 250 ${await token.symbol()}, gas ${transferred.gasUsed}, logs ${transferred.logs.length}`)
for (const holder of [owner, receiver]) {
  const [tokens, coins] = await Promise.all([token.balanceOf(holder.address), provider.getBalance(holder.address)])
  console.log(`${holder.address}  ${ethers.formatEther(tokens)} EXA  ${ethers.formatEther(coins)} FIL`)
}

// From the sender to the native actors below the contract, each with its gas; what the ABI knows is decoded.
const show = ({ type, from, to, input, gasUsed, calls = [], error }, depth) => {
  const call = input && token.interface.parseTransaction({ data: input })
  const what = call ? `${call.name}(${call.args.join(', ')})` : input?.slice(0, 10) ?? ''
  console.log(`${'  '.repeat(depth)}${type} ${to ?? from} ${what} gas ${Number(gasUsed)}${error ? ` ${error}` : ''}`)
  calls.forEach(inner => show(inner, depth + 1))
}
for (const receipt of [deployed, transferred]) {
  show(await provider.send('debug_traceTransaction', [receipt.hash, { tracer: 'callTracer' }]), 0)
}
provider.destroy()
