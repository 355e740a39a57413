// Every kind of proxy: deployed, used, upgraded with its state, refused where the plug-in or the contract refuses.
const assert = require('node:assert/strict')
const { ethers, upgrades } = require('hardhat')

const rejects = (promise, pattern) => assert.rejects(promise, error => pattern.test(`${error.message} ${error.data ?? ''}`) || assert.fail(error.message))
const mined = async transaction => assert.equal((await (await transaction).wait()).status, 1)

describe('upgrade plug-in', () => {
  it('deploys a transparent proxy, and keeps its state over an upgrade', async () => {
    const box = await upgrades.deployProxy(await ethers.getContractFactory('Box'), [5])
    await box.waitForDeployment()
    assert.equal(await box.value(), 5n)
    await mined(box.store(6))
    const before = await upgrades.erc1967.getImplementationAddress(await box.getAddress())
    const second = await upgrades.upgradeProxy(box, await ethers.getContractFactory('BoxV2'))
    await mined(second.increment())
    assert.deepEqual([await second.value(), await second.count()], [7n, 1n])
    assert.equal(await second.getAddress(), await box.getAddress())
    assert.notEqual(await upgrades.erc1967.getImplementationAddress(await box.getAddress()), before)
    assert.notEqual(await upgrades.erc1967.getAdminAddress(await box.getAddress()), ethers.ZeroAddress)
    const events = await second.queryFilter(second.filters.Stored())
    assert.deepEqual(events.map(event => event.args.value), [6n])
  })

  it('refuses a second initialisation', async () => {
    const box = await upgrades.deployProxy(await ethers.getContractFactory('Box'), [5])
    await box.waitForDeployment()
    await rejects(box.initialize(1), /InvalidInitialization|0xf92ee8a9/)
  })

  it('refuses an upgrade to another layout', async () => {
    const box = await upgrades.deployProxy(await ethers.getContractFactory('Box'), [5])
    await box.waitForDeployment()
    await rejects(upgrades.upgradeProxy(box, await ethers.getContractFactory('BoxBroken')), /New storage layout is incompatible/)
  })

  it('deploys a UUPS proxy, and upgrades it for its owner alone', async () => {
    const box = await upgrades.deployProxy(await ethers.getContractFactory('UupsBox'), [8], { kind: 'uups', initializer: 'initializeOwned' })
    await box.waitForDeployment()
    const [, stranger] = await ethers.getSigners()
    await rejects(upgrades.upgradeProxy(box, await ethers.getContractFactory('UupsBoxV2', stranger)), /NotOwner|0x30cd7471/)
    const second = await upgrades.upgradeProxy(box, await ethers.getContractFactory('UupsBoxV2'))
    assert.deepEqual([await second.version(), await second.value()], [2n, 8n])
  })

  it('upgrades all proxies of a beacon at once', async () => {
    const Box = await ethers.getContractFactory('Box')
    const beacon = await upgrades.deployBeacon(Box)
    await beacon.waitForDeployment()
    const proxies = []
    for (const value of [1, 2]) proxies.push(await upgrades.deployBeaconProxy(beacon, Box, [value]))
    await Promise.all(proxies.map(proxy => proxy.waitForDeployment()))
    const BoxV2 = await ethers.getContractFactory('BoxV2')
    await upgrades.upgradeBeacon(beacon, BoxV2)
    for (const [index, proxy] of proxies.entries()) {
      const second = BoxV2.attach(await proxy.getAddress())
      await mined(second.increment())
      assert.equal(await second.value(), BigInt(index + 2))
    }
    assert.equal(await upgrades.erc1967.getBeaconAddress(await proxies[0].getAddress()), await beacon.getAddress())
  })

  it('takes over a proxy that it did not deploy', async () => {
    const Box = await ethers.getContractFactory('Box')
    const implementation = await Box.deploy()
    await implementation.waitForDeployment()
    const beacon = await upgrades.deployBeacon(Box)
    const imported = await upgrades.forceImport(await beacon.getAddress(), Box)
    assert.equal(await imported.getAddress(), await beacon.getAddress())
  })
})
