const { expect } = require('chai')
const { ethers } = require('hardhat')

// Each transaction is estimated before it is signed, so that the reason comes from the estimate.
describe('reasons of sent transactions', () => {
  it('sees a custom error', async () => {
    const bank = await ethers.deployContract('Bank')
    await bank.waitForDeployment()
    await expect(bank.take(10_000n)).to.be.revertedWithCustomError(bank, 'Short').withArgs(10_000n, 0n)
  })
})
