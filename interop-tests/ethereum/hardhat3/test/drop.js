import assert from 'node:assert/strict'
import { it } from 'node:test'
import { network } from 'hardhat'

it('drops a waiting transaction', async () => {
  const { viem, networkHelpers, provider } = await network.create()
  const [owner, other] = await viem.getWalletClients()
  await provider.request({ method: 'evm_setAutomine', params: [false] })
  try {
    const hash = await owner.sendTransaction({ to: other.account.address, value: 1n })
    assert.equal(await networkHelpers.dropTransaction(hash), true)
  } finally {
    await provider.request({ method: 'evm_setAutomine', params: [true] })
  }
})
