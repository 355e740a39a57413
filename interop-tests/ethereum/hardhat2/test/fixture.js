const { expect } = require('chai')
const { ethers } = require('hardhat')
const { loadFixture } = require('@nomicfoundation/hardhat-network-helpers')

describe('loadFixture', () => {
  const fixture = async () => {
    const [owner, other] = await ethers.getSigners()
    return { token: await ethers.deployContract('Token'), owner, other }
  }

  for (const amount of [1n, 2n, 3n]) {
    it(`begins anew: transfer of ${amount}`, async () => {
      const { token, other } = await loadFixture(fixture)
      expect(await token.balanceOf(other)).to.equal(0)
      await (await token.transfer(other, amount)).wait()
      expect(await token.balanceOf(other)).to.equal(amount)
    })
  }
})
