import { it } from 'node:test'
import { network } from 'hardhat'

it('sets block.prevrandao', async () => {
  const { networkHelpers } = await network.create()
  await networkHelpers.setPrevRandao(12345)
})
