const { expect } = require('chai')
const { ethers } = require('hardhat')

it('sees what a sender has less, without the fee', async () => {
  const [owner, other] = await ethers.getSigners()
  await expect(owner.sendTransaction({ to: other, value: 7n })).to.changeEtherBalances([owner, other], [-7n, 7n])
})
