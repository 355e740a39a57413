const { setPrevRandao } = require('@nomicfoundation/hardhat-network-helpers')

it('sets block.prevrandao', () => setPrevRandao(12345))
