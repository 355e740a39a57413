import assert from 'node:assert/strict'
import { it } from 'node:test'
import { network } from 'hardhat'
import Shop from '../ignition/modules/shop.js'

it('deploys a module of Ignition in a test', async () => {
  const { ignition } = await network.create()
  const { token } = await ignition.deploy(Shop)
  assert.equal(await token.read.symbol(), 'EXA')
})
