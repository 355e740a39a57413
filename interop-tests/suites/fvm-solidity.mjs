// fvm-solidity: each of its functions on the node, with the real precompiles and actors, and on Hardhat's EVM with its mocks, which are told the same
// facts; the answers have to be equal.
import { spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { Contract, Interface, concat, zeroPadValue } from 'ethers'
import { Cases, equal } from './cases.mjs'
import { compile } from './contracts.mjs'
import { bootstrap, emptyProject, here } from './hardhat.mjs'
import { client } from './rpc.mjs'
import { deploy, firstSigner } from './signer.mjs'

const precompile = number => `0xfe000000000000000000000000000000000000${number.toString(16).padStart(2, '0')}`
const masked = id => `0xff${id.toString(16).padStart(38, '0')}`
const idAddress = id => {
  const bytes = [0]
  do {
    bytes.push(id > 127 ? (id & 127) | 128 : id)
    id >>= 7
  } while (id > 0)
  return `0x${Buffer.from(bytes).toString('hex')}`
}
const miner = 1000
const owner = 100
const other = 999_999
const funds = 1000n
const system = [0, 1, 2, 3, 4, 5, 6, 7, 10, 99]

const configuration = "module.exports = { solidity: '0.8.30', networks: { hardhat: { allowUnlimitedContractSize: true } } }\n"

const freePort = () => new Promise(resolve => {
  const server = createServer().listen(0, '127.0.0.1', () => {
    const { port } = server.address()
    server.close(() => resolve(port))
  })
})

// Hardhat's own network, until `end` is called.
const startEvm = async folder => {
  emptyProject(folder)
  writeFileSync(join(folder, 'hardhat.config.cjs'), configuration)
  const port = await freePort()
  const evm = spawn(process.execPath, [bootstrap, 'node', '--hostname', '127.0.0.1', '--port', String(port)], {
    cwd: folder, stdio: 'ignore', env: { ...process.env, HARDHAT_DISABLE_TELEMETRY_PROMPT: 'true' }
  })
  const url = `http://127.0.0.1:${port}`
  for (let attempt = 0; ; attempt++) {
    if (await client(url)('eth_chainId').then(() => true, () => false)) break
    if (attempt === 240 || evm.exitCode !== null) throw new Error(`hardhat node did not answer at ${url}`)
    await new Promise(resolve => setTimeout(resolve, 250))
  }
  return { url, end: () => evm.kill() }
}

// Puts the mocks where the precompiles are, and tells them what the node knows.
const mock = async (url, contracts, known) => {
  const ask = client(url)
  const { provider, signer } = await firstSigner(url)
  // Cheat codes of forge that the mocks move money with: any code answers them.
  const cheats = '0x7109709ecfa91a80626ff3989d68f67f5b1dd12d'
  await ask('hardhat_setCode', cheats, '0x00')
  const put = async (place, name, ...rest) => {
    const code = await ask('eth_getCode', await (await deploy(signer, contracts[name], ...rest)).getAddress(), 'latest')
    await ask('hardhat_setCode', place, code)
    return new Contract(place, contracts[name].abi, signer)
  }
  await put(precompile(3), 'FVMCallActorByAddress', cheats)
  await put(precompile(5), 'FVMCallActorById', cheats)
  const random = await put(precompile(6), 'FVMGetBeaconRandomness')
  const actors = await put(precompile(1), 'FVMActorMock')
  for (const id of [...system, miner, owner]) await (await actors['mockResolveAddress(bytes,uint64)'](idAddress(id), id)).wait()
  for (const [address, id] of known.addresses) await (await actors['mockResolveAddress(address,uint64)'](address, id)).wait()
  const mockMiner = await put(masked(miner), 'FVMMinerActor')
  await (await mockMiner.mockOwner(owner)).wait()
  // The mock fails for blocks that are still to come.
  await ask('hardhat_mine', `0x${known.epoch.toString(16)}`)
  await (await random.mockBeaconRandomness(known.epoch, known.randomness)).wait()
  return { provider, signer }
}

export const runFvmSolidity = async (url, checkout, folder) => {
  const cases = new Cases()
  const source = 'own/FvmSolidity.sol'
  const compiled = compile(
    [source], { 'own/': join(here, 'contracts'), 'fvm-solidity/': checkout, 'forge-std/': join(here, 'contracts', 'forge-std') }, { viaIR: true })
  const contracts = { ...compiled, FVMActorMock: compiled['fvm-solidity/src/mocks/FVMActor.sol:FVMActor'] }
  const ask = client(url)
  const { provider, signer } = await firstSigner(url)
  const from = await signer.getAddress()
  const contract = await (await deploy(signer, contracts.FvmSolidity, { value: funds })).getAddress()
  const epoch = await provider.getBlockNumber() - 1
  const digest = await ask('Filecoin.StateGetRandomnessDigestFromBeacon', epoch, null)
  const idOf = async address => {
    const id = await ask('Filecoin.StateLookupID', await ask('Filecoin.EthAddressToFilecoinAddress', address), null)
    return Number(id.slice(2))
  }
  const known = {
    addresses: [[from, await idOf(from)], [contract, await idOf(contract)]], epoch, randomness: `0x${Buffer.from(digest, 'base64').toString('hex')}`
  }
  const evm = await startEvm(folder)
  try {
    const mocked = await mock(evm.url, contracts, known)
    const mockedContract = await (await deploy(mocked.signer, contracts.FvmSolidity, { value: funds })).getAddress()
    // Its own address is another there.
    const api = new Interface(contracts.FvmSolidity.abi)
    const nobody = '0x00000000000000000000000000000000000abcde'
    const f410 = address => concat(['0x040a', address])
    const answer = async (request, to, data) => request('eth_call', { from, to, data }, 'latest').then(
      result => ({ result }), error => ({ reverted: error.data?.data ?? error.data ?? error.message }))
    const same = (name, method, ...values) => cases.run(name, async () => {
      const data = api.encodeFunctionData(method, values)
      equal(await answer(ask, contract, data), await answer(client(evm.url), mockedContract, data), 'the answer of the mock')
    })

    await same('pay: an address', 'pay', from, 5)
    await same('pay: a new address', 'pay', nobody, 5)
    await same('pay: more than there is', 'pay', from, funds + 1n)
    await same('pay: an actor', 'payActor', 99, 5)
    await same('pay: an actor that is not there', 'payActor', other, 5)
    await same('burn', 'burn', 7)
    await same('burn: more than there is', 'burn', funds + 1n)
    for (const id of [...system, 8, 9, miner, other]) {
      await same(`actor of f0${id}`, 'tryGetActorIdOfBytes', idAddress(id))
      await same(`actor of f0${id} by its masked address`, 'tryGetActorId', masked(id))
    }
    await same('actor of an address', 'tryGetActorId', from)
    await same('actor of an f410 address', 'getActorIdOfBytes', f410(from))
    await same('actor of a contract', 'getActorId', contract)
    await same('actor of an unknown address', 'tryGetActorId', nobody)
    await same('actor of an unknown address, demanded', 'getActorId', nobody)
    await same('actor of an unknown f410 address, demanded', 'getActorIdOfBytes', f410(nobody))
    await same('actor of bytes of no protocol', 'getActorIdOfBytes', '0x0504d2')
    await same('actor of no bytes', 'getActorIdOfBytes', '0x')
    await same('forms of addresses', 'addresses', other, from)
    await same('masked address: its actor', 'safeActorId', masked(other))
    await same('masked address: another one', 'safeActorId', from)
    for (const id of [miner, owner, 99, other]) {
      await same(`is f0${id} a miner`, 'isMiner', id)
      for (const method of ['tryGetOwner', 'getOwner', 'tryGetOwnerActorId', 'getOwnerActorId', 'tryGetOwnerAddress', 'getOwnerAddress']) {
        await same(`${method} of f0${id}`, method, id)
      }
    }
    for (const [status, name] of ['dead', 'active', 'faulty'].entries()) {
      await same(`sector that is not there: ${name}, no place`, 'tryValidateSectorStatus', miner, 42, status, -1, -1)
      await same(`sector that is not there: ${name}, a place`, 'tryValidateSectorStatus', miner, 42, status, 3, 7)
      await same(`sector that is not there: ${name}, a place, demanded`, 'validateSectorStatus', miner, 42, status, 3, 7)
    }
    await same('sector with half a place', 'validateSectorStatus', miner, 42, 1, -1, 7)
    await same('expiration of a sector that is not there', 'tryGetNominalSectorExpiration', miner, 42)
    await same('expiration of a sector that is not there, demanded', 'getNominalSectorExpiration', miner, 42)
    await same('randomness', 'randomness', epoch)
    await cases.run('randomness: zero is the genesis\'s', async () => {
      const found = await answer(ask, contract, api.encodeFunctionData('randomness', [0]))
      const genesis = Buffer.from(await ask('Filecoin.StateGetRandomnessDigestFromBeacon', 0, null), 'base64')
      equal(found.result, zeroPadValue(`0x${genesis.toString('hex')}`, 32))
    })
    await cases.run('randomness: of the future is a failure of the whole call', async () => {
      const found = await answer(ask, contract, api.encodeFunctionData('randomness', [epoch + 1000]))
      if (!found.reverted) throw new Error(`expected a failure, found ${found.result}`)
    })
    await same('precompile by ID: send', 'callById', true, 0, 3, 0, 0, '0x', 99)
    await same('precompile by ID: by a call', 'callById', false, 0, 3, 0, 0, '0x', 99)
    await same('precompile by ID: read-only with value', 'callById', true, 0, 3, 1, 0, '0x', 99)
    await same('precompile by ID: a reserved method', 'callById', true, 2, 0, 0, 0, '0x', 99)
    await same('precompile by ID: an internal method', 'callById', true, 1024, 0, 0, 0, '0x', 99)
    await same('precompile by ID: an exported method of an account', 'callById', true, 1 << 24, 0, 0, 0, '0x', 99)
    await same('precompile by ID: unknown flags', 'callById', true, 0, 0, 2, 0, '0x', 99)
    await same('precompile by ID: an unknown codec', 'callById', true, 0, 0, 0, 7, '0x', 99)
    await same('precompile by ID: bytes without a codec', 'callById', true, 0, 0, 0, 0, '0x01', 99)
    await same('precompile by ID: an actor that is not there', 'callById', true, 1 << 24, 0, 0, 0, '0x', other)
    await same('precompile by address: send', 'callByAddress', true, 0, 3, f410(from))
    await same('precompile by address: by a call', 'callByAddress', false, 0, 3, f410(from))
    await same('precompile by address: more than there is', 'callByAddress', true, 0, funds + 1n, f410(from))
    await same('call of a miner by Ethereum\'s method', 'callEvm', masked(miner), '0xdeadbeef')
    await same('call of the power actor by Ethereum\'s method', 'callEvm', masked(4), '0xdeadbeef')
    await cases.run('money moves as the functions say', async () => {
      const api2 = new Contract(contract, contracts.FvmSolidity.abi, signer)
      const burnt = await provider.getBalance(masked(99))
      await (await api2.pay(nobody, 5)).wait()
      await (await api2.payActor(miner, 6)).wait()
      await (await api2.burn(7)).wait()
      equal([await provider.getBalance(nobody), await provider.getBalance(contract)], [5n, funds - 18n], 'balances')
      if (await provider.getBalance(masked(99)) < burnt + 7n) throw new Error('nothing was burnt')
    })
    mocked.provider.destroy()
  } finally {
    evm.end()
    provider.destroy()
  }
  return cases.results
}
