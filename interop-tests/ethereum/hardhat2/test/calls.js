const { expect } = require('chai')
const { ethers } = require('hardhat')
const { anyValue } = require('@nomicfoundation/hardhat-chai-matchers/withArgs')

describe('matchers of calls, events and balances', () => {
  let bank, token, owner, other

  before(async () => {
    [owner, other] = await ethers.getSigners()
    bank = await ethers.deployContract('Bank')
    token = await ethers.deployContract('Token')
    await token.waitForDeployment()
  })

  it('sees events and their arguments', async () => {
    await expect(owner.sendTransaction({ to: bank, value: 100n })).to.emit(bank, 'Paid').withArgs(owner.address, 100n)
    await expect(owner.sendTransaction({ to: bank, value: 1n })).to.emit(bank, 'Paid').withArgs(anyValue, 1n)
    await expect(token.transfer(other, 1n)).not.to.emit(token, 'Approval')
  })
  it('sees changes of balances', async () => {
    await expect(owner.sendTransaction({ to: bank, value: 7n })).to.changeEtherBalance(bank, 7n)
    await expect(token.transfer(other, 5n)).to.changeTokenBalances(token, [owner, other], [-5n, 5n])
  })
  it('sees reasons of reverted calls', async () => {
    await expect(bank.close.staticCall()).to.be.revertedWith('too early')
    await expect(bank.take.staticCall(10_000n)).to.be.revertedWithCustomError(bank, 'Short').withArgs(10_000n, 108n)
    await expect(bank.third([1n])).to.be.revertedWithPanic(0x32)
    await expect(bank.nothing()).to.be.revertedWithoutReason(ethers)
    await expect(bank.nothing()).to.be.reverted
  })
  it('knows properties of addresses', async () => {
    expect(await bank.getAddress()).to.be.properAddress
    expect(await ethers.provider.getCode(bank)).to.be.properHex((await ethers.provider.getCode(bank)).length - 2)
  })
})
