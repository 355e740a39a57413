const { setCoinbase } = require('@nomicfoundation/hardhat-network-helpers')

it('sets the address of the miner', () => setCoinbase('0x00000000000000000000000000000000000abcde'))
