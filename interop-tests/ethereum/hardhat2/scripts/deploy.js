const { ethers } = require('hardhat')

const main = async () => {
  const [owner, other] = await ethers.getSigners()
  const token = await ethers.deployContract('Token')
  await token.waitForDeployment()
  const receipt = await (await token.transfer(other, 5n)).wait()
  if (receipt.status !== 1 || await token.balanceOf(other) !== 5n) throw new Error('the transfer did not happen')
  const fees = await ethers.provider.getFeeData()
  console.log(`balance of ${owner.address}: ${await ethers.provider.getBalance(owner)}, fee ${fees.maxFeePerGas}`)
}

main().catch(error => {
  console.error(error)
  process.exitCode = 1
})
