import { network } from 'hardhat'

const { viem, networkHelpers } = await network.create()
// Hardhat knows no rules for the blocks of other chains than Ethereum's: calls are for a block of its own.
await networkHelpers.mine()
const token = await viem.getContractAt('Token', process.env.TOKEN)
if (await token.read.symbol() !== 'EXA') throw new Error('there is no token')
