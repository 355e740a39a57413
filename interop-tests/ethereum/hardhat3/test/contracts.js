import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { network } from 'hardhat'
import { getAddress } from 'viem'

describe('contracts by viem', async () => {
  const { viem } = await network.create()
  const reader = await viem.getPublicClient()
  const [owner, other] = await viem.getWalletClients()

  it('deploys, writes, reads', async () => {
    const token = await viem.deployContract('Token')
    const hash = await token.write.transfer([other.account.address, 5n])
    assert.equal((await reader.waitForTransactionReceipt({ hash })).status, 'success')
    assert.equal(await token.read.balanceOf([other.account.address]), 5n)
  })
  it('sees events and changes of balances', async () => {
    const bank = await viem.deployContract('Bank')
    const paid = owner.sendTransaction({ to: bank.address, value: 100n })
    await viem.assertions.emitWithArgs(paid, bank, 'Paid', [getAddress(owner.account.address), 100n])
    await viem.assertions.balancesHaveChanged(owner.sendTransaction({ to: bank.address, value: 7n }), [{ address: bank.address, amount: 7n }])
  })
  it('sees reasons of reverts', async () => {
    const bank = await viem.deployContract('Bank')
    await viem.assertions.revertWith(bank.read.close(), 'too early')
    await viem.assertions.revertWithCustomErrorWithArgs(bank.write.take([10n]), bank, 'Short', [10n, 0n])
    await viem.assertions.revert(bank.read.nothing())
  })
})
