const { expect } = require('chai')
const { ethers } = require('hardhat')
const helpers = require('@nomicfoundation/hardhat-network-helpers')

describe('helpers for the state', () => {
  const somebody = '0x00000000000000000000000000000000000abcde'

  it('sets balance, nonce, code and storage', async () => {
    const bank = await ethers.deployContract('Bank')
    await bank.waitForDeployment()
    await helpers.setBalance(somebody, ethers.parseEther('2'))
    expect(await ethers.provider.getBalance(somebody)).to.equal(ethers.parseEther('2'))
    await helpers.setNonce(somebody, 12)
    expect(await ethers.provider.getTransactionCount(somebody)).to.equal(12)
    const copy = '0x00000000000000000000000000000000000abcdf'
    await helpers.setCode(copy, await ethers.provider.getCode(bank))
    expect(await ethers.provider.getCode(copy)).to.equal(await ethers.provider.getCode(bank))
    await helpers.setStorageAt(copy, 5, 99)
    expect(await helpers.getStorageAt(copy, 5)).to.equal(ethers.toBeHex(99, 32))
  })
  it('acts as another account', async () => {
    const [, other] = await ethers.getSigners()
    await helpers.setBalance(somebody, ethers.parseEther('2'))
    await helpers.impersonateAccount(somebody)
    const signer = await ethers.getSigner(somebody)
    await (await signer.sendTransaction({ to: other, value: 1n })).wait()
    await helpers.stopImpersonatingAccount(somebody)
    await expect(signer.sendTransaction({ to: other, value: 1n })).to.be.rejected
    const impersonated = await ethers.getImpersonatedSigner(somebody)
    await (await impersonated.sendTransaction({ to: other, value: 1n })).wait()
  })
  it('sets the base fee of the next block', async () => {
    await helpers.setNextBlockBaseFeePerGas(3_000_000_000)
    await helpers.mine()
    expect((await ethers.provider.getBlock('latest')).baseFeePerGas).to.equal(3_000_000_000n)
  })
  it('drops a waiting transaction', async () => {
    const [owner, other] = await ethers.getSigners()
    await ethers.provider.send('evm_setAutomine', [false])
    try {
      const { hash } = await owner.sendTransaction({ to: other, value: 1n })
      // anvil answers with the hash, Hardhat's own node with true.
      expect(await helpers.dropTransaction(hash)).to.be.oneOf([hash, true])
      await helpers.mine()
      expect(await ethers.provider.getTransactionReceipt(hash)).to.equal(null)
    } finally {
      await ethers.provider.send('evm_setAutomine', [true])
    }
  })
  it('sets the gas limit of blocks', () => helpers.setBlockGasLimit(10_000_000_000))
})
