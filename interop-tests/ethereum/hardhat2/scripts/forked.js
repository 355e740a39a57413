// On Hardhat's own EVM, which reads the state of the forked node: a contract that was deployed there is called here.
const { ethers } = require('hardhat')

const main = async () => {
  // Hardhat knows no rules for the blocks of other chains than Ethereum's: calls are for a block of its own.
  await ethers.provider.send('evm_mine', [])
  const token = await ethers.getContractAt('Token', process.env.TOKEN)
  if (await token.symbol() !== 'EXA') throw new Error('there is no token')
  const [owner, other] = await ethers.getSigners()
  const before = await token.balanceOf(other)
  await (await token.connect(owner).transfer(other, 3n)).wait()
  if (await token.balanceOf(other) !== before + 3n) throw new Error('the transfer did not happen')
}

main().catch(error => {
  console.error(error)
  process.exitCode = 1
})
