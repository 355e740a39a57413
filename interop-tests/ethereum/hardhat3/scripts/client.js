// Public, wallet and test client of viem, as Hardhat makes them for a network.
import { network } from 'hardhat'

const { viem } = await network.create()
const [reader, writer, test] = await Promise.all([viem.getPublicClient(), viem.getWalletClients(), viem.getTestClient()])
const token = await viem.deployContract('Token')
const hash = await token.write.transfer([writer[1].account.address, 5n])
await reader.waitForTransactionReceipt({ hash })
const before = await reader.getBlockNumber()
await test.mine({ blocks: 2 })
if (await reader.getBlockNumber({ cacheTime: 0 }) !== before + 2n) throw new Error('no blocks were mined')
const id = await test.snapshot()
await test.setBalance({ address: token.address, value: 3n })
await test.revert({ id })
if (await reader.getBalance({ address: token.address }) !== 0n) throw new Error('the state is not taken back')
