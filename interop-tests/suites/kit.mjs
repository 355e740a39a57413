// The contracts of the FEVM Hardhat kit: a coin, a deal that the storage market publishes for a contract, its reader, and the bounty for it.
import { join } from 'node:path'
import { concat, getBytes, hexlify, parseEther } from 'ethers'
import CID from 'cids'
import { Cases, equal } from './cases.mjs'
import { compile } from './contracts.mjs'
import { client } from './rpc.mjs'
import { deploy, firstSigner } from './signer.mjs'

const miner = 't01000'
const pieceCid = 'baga6ea4seaqn7y7fwlhlshrysd2j443pyi6knof2c5qp533co2mqj5rzbq7t2pi'
const pieceSize = 1024
const start = 10_000
const end = start + 520_000

export const runKit = async (url, checkout) => {
  const cases = new Cases()
  const ask = client(url)
  const { provider, signer } = await firstSigner(url)
  const from = await signer.getAddress()
  const contracts = compile(
    [
      'basic-solidity-examples/SimpleCoin', 'basic-deal-client/DealClient',
      'filecoin-api-examples/DealRewarder', 'filecoin-api-examples/FilecoinMarketConsumer'
    ].map(name => `kit/${name}.sol`),
    { 'kit/': join(checkout, 'contracts') },
    { evmVersion: 'shanghai', optimizer: { enabled: true, runs: 1000, details: { yul: false } } },
    'solc23')
  const mined = async transaction => {
    const receipt = await (await transaction).wait()
    equal(receipt.status, 1, 'status')
    return receipt
  }
  const idOf = async address => BigInt((await ask('Filecoin.StateLookupID', address, null)).slice(2))
  const filecoin = address => ask('Filecoin.EthAddressToFilecoinAddress', address)

  await cases.run('SimpleCoin: mints, sends, refuses', async () => {
    const coin = await deploy(signer, contracts.SimpleCoin, 12_000)
    const receiver = await (await provider.getSigner(1)).getAddress()
    await mined(coin.sendCoin(receiver, 50))
    equal([await coin.getBalance(from), await coin.getBalance(receiver), await coin.getMintedTokenBalance()], [11_950n, 50n, 12_000n], 'balances')
    const failure = await coin.sendCoin.staticCall(receiver, 12_000).then(() => null, error => error)
    equal(failure?.revert?.name, 'SimpleCoin__NotEnoughBalance', 'error')
  })

  const dealClient = await deploy(signer, contracts.DealClient)
  const clientAddress = await filecoin(await dealClient.getAddress())
  const piece = `0x${new CID(pieceCid).toString('base16').slice(1)}`
  let dealId
  await cases.run('DealClient: has escrow in the market', async () => {
    await ask('anvil_setBalance', await dealClient.getAddress(), '0xde0b6b3a7640000')
    await mined(dealClient.addBalance(10n ** 17n))
    equal((await ask('Filecoin.StateMarketBalance', clientAddress, null)).Escrow, String(10n ** 17n), 'escrow')
  })

  await cases.run('DealClient: proposes a deal', async () => {
    const receipt = await mined(dealClient.makeDealProposal([
      piece, pieceSize, false, 'a piece', start, end, 1, 0, 0, 1, ['https://example.org/piece.car', 1000, false, false]
    ]))
    const event = receipt.logs.map(log => dealClient.interface.parseLog(log)).find(each => each?.name === 'DealProposalCreate')
    equal([event.args.size, event.args.verified, event.args.price], [BigInt(pieceSize), false, 1n], 'event')
    equal([await dealClient.dealsLength(), (await dealClient.getProposalIdSet(piece)).requestId], [1n, event.args.id], 'proposals')
  })

  await cases.run('DealClient: the market publishes it, asking the contract', async () => {
    const { Owner, Worker } = await ask('Filecoin.StateMinerInfo', miner, null)
    const minimum = 10n ** 17n
    await ask('anvil_setBalance', await ask('Filecoin.FilecoinAddressToEthAddress', Owner, 'latest'), '0xde0b6b3a7640000')
    await ask('fvm_call', { from: Owner, to: 't05', method: 'AddBalance', params: miner, value: String(minimum) })
    const proposal = {
      piece_cid: { '/': pieceCid }, piece_size: pieceSize, verified_deal: false, client: clientAddress, provider: miner, label: 'a piece',
      start_epoch: start, end_epoch: end, storage_price_per_epoch: '1', provider_collateral: String(minimum / 10n), client_collateral: '0'
    }
    const { ReturnDec } = await ask('fvm_call', {
      from: Worker, to: 't05', method: 'PublishStorageDeals', params: { deals: [{ proposal, client_signature: `0x01${'00'.repeat(65)}` }] }
    })
    dealId = BigInt(ReturnDec.Ids[0])
    equal(await dealClient.pieceStatus(piece), 2n, 'status')
    equal(await dealClient.pieceDeals(piece), dealId, 'deal')
  })

  await cases.run('FilecoinMarketConsumer: reads the deal', async () => {
    const consumer = await deploy(signer, contracts.FilecoinMarketConsumer)
    await mined(consumer.storeAll(dealId))
    const [term, commitment] = [await consumer.dealTerm(), await consumer.dealCommitment()]
    equal(
      [await consumer.dealClientActorId(), await consumer.dealProviderActorId(), term.start ?? term[0], term.end ?? term[1], commitment.size],
      [await idOf(clientAddress), 1000n, BigInt(start), BigInt(end - start), BigInt(pieceSize)], 'deal')
    equal(hexlify(getBytes(commitment.data)), concat(['0x00', piece]), 'commitment')
    equal((await consumer.dealLabel()).data, hexlify(Buffer.from('a piece')), 'label')
  })

  await cases.run('DealRewarder: pays the client of the deal once', async () => {
    const rewarder = await deploy(signer, contracts.DealRewarder)
    await mined(rewarder.addCID(concat(['0x00', piece]), pieceSize))
    await mined(rewarder.fund(0, { value: parseEther('3') }))
    const before = await provider.getBalance(await dealClient.getAddress())
    const exit = await rewarder.claim_bounty(dealId).then(mined, error => error)
    if (exit instanceof Error) throw exit
    // Its text sends twice; a contract that takes no money gets none.
    const after = await provider.getBalance(await dealClient.getAddress())
    equal([after - before, await provider.getBalance(await rewarder.getAddress())], [parseEther('2'), parseEther('1')], 'paid')
    const again = await rewarder.claim_bounty.staticCall(dealId).then(() => null, error => error)
    if (!/already claimed/.test(again?.message)) throw new Error(`a second claim: ${again?.message}`)
  })
  provider.destroy()
  return cases.results
}
