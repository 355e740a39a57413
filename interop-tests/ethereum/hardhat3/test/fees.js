import { it } from 'node:test'
import { network } from 'hardhat'

it('sees what a sender has less, without the fee', async () => {
  const { viem } = await network.create()
  const [owner, other] = await viem.getWalletClients()
  const sent = owner.sendTransaction({ to: other.account.address, value: 7n })
  await viem.assertions.balancesHaveChanged(sent, [{ address: owner.account.address, amount: -7n }, { address: other.account.address, amount: 7n }])
})
