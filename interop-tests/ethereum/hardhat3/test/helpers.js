import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { network } from 'hardhat'

describe('network helpers', async () => {
  const { viem, networkHelpers } = await network.create()
  const reader = await viem.getPublicClient()
  const [, other] = await viem.getWalletClients()
  const somebody = '0x00000000000000000000000000000000000abcde'

  const fixture = async () => ({ token: await viem.deployContract('Token') })
  for (const amount of [1n, 2n]) {
    it(`begins anew by loadFixture: transfer of ${amount}`, async () => {
      const { token } = await networkHelpers.loadFixture(fixture)
      assert.equal(await token.read.balanceOf([other.account.address]), 0n)
      await token.write.transfer([other.account.address, amount])
      assert.equal(await token.read.balanceOf([other.account.address]), amount)
    })
  }
  it('mines, and sets the time', async () => {
    const { number, timestamp } = await reader.getBlock()
    await networkHelpers.mine(3, { interval: 10 })
    assert.equal(await reader.getBlockNumber(), number + 3n)
    await networkHelpers.mineUpTo(number + 9n)
    assert.equal(await reader.getBlockNumber(), number + 9n)
    await networkHelpers.time.increaseTo(timestamp + 5_000n)
    assert.equal(await networkHelpers.time.latest(), Number(timestamp) + 5_000)
    await networkHelpers.time.setNextBlockTimestamp(timestamp + 6_000n)
    await networkHelpers.mine()
    assert.equal(await networkHelpers.time.latest(), Number(timestamp) + 6_000)
  })
  it('sets balance, nonce, code and storage', async () => {
    const bank = await viem.deployContract('Bank')
    await networkHelpers.setBalance(somebody, 10n ** 18n)
    assert.equal(await reader.getBalance({ address: somebody }), 10n ** 18n)
    await networkHelpers.setNonce(somebody, 12)
    assert.equal(await reader.getTransactionCount({ address: somebody }), 12)
    await networkHelpers.setStorageAt(bank.address, 5, 99)
    assert.equal(BigInt(await networkHelpers.getStorageAt(bank.address, 5)), 99n)
    const copy = '0x00000000000000000000000000000000000abcdf'
    await networkHelpers.setCode(copy, await reader.getCode({ address: bank.address }))
    assert.equal(await reader.getCode({ address: copy }), await reader.getCode({ address: bank.address }))
  })
  it('acts as another account, and takes back', async () => {
    const snapshot = await networkHelpers.takeSnapshot()
    await networkHelpers.setBalance(somebody, 10n ** 18n)
    await networkHelpers.impersonateAccount(somebody)
    const client = await viem.getWalletClient(somebody)
    await client.sendTransaction({ to: other.account.address, value: 1n })
    await networkHelpers.stopImpersonatingAccount(somebody)
    await assert.rejects(client.sendTransaction({ to: other.account.address, value: 1n }))
    await snapshot.restore()
  })
  it('sets base fee and gas limit of blocks', async () => {
    await networkHelpers.setNextBlockBaseFeePerGas(3_000_000_000n)
    await networkHelpers.mine()
    assert.equal((await reader.getBlock()).baseFeePerGas, 3_000_000_000n)
    await networkHelpers.setBlockGasLimit(10_000_000_000n)
  })
})
