import { it } from 'node:test'
import { network } from 'hardhat'

it('sets the address of the miner', async () => {
  const { networkHelpers } = await network.create()
  await networkHelpers.setCoinbase('0x00000000000000000000000000000000000abcde')
})
