const { expect } = require('chai')
const { ethers, upgrades } = require('hardhat')

describe('proxies of OpenZeppelin', () => {
  for (const [kind, one, two] of [['transparent', 'Box', 'BoxTwo'], ['uups', 'OwnedBox', 'OwnedBoxTwo']]) {
    it(`deploys and upgrades: ${kind}`, async () => {
      const proxy = await upgrades.deployProxy(await ethers.getContractFactory(one), [41n], { kind })
      await proxy.waitForDeployment()
      const address = await proxy.getAddress()
      const before = await upgrades.erc1967.getImplementationAddress(address)
      const upgraded = await upgrades.upgradeProxy(address, await ethers.getContractFactory(two))
      await (await upgraded.raise()).wait()
      expect(await upgraded.value()).to.equal(42n)
      expect(await upgrades.erc1967.getImplementationAddress(address)).not.to.equal(before)
    })
  }
  it('deploys and upgrades: beacon', async () => {
    const beacon = await upgrades.deployBeacon(await ethers.getContractFactory('Box'))
    await beacon.waitForDeployment()
    const proxy = await upgrades.deployBeaconProxy(beacon, await ethers.getContractFactory('Box'), [41n])
    await proxy.waitForDeployment()
    await upgrades.upgradeBeacon(beacon, await ethers.getContractFactory('BoxTwo'))
    const upgraded = await ethers.getContractAt('BoxTwo', await proxy.getAddress())
    await (await upgraded.raise()).wait()
    expect(await upgraded.value()).to.equal(42n)
  })
  it('refuses another layout of storage', async () => {
    const proxy = await upgrades.deployProxy(await ethers.getContractFactory('Box'), [1n])
    await proxy.waitForDeployment()
    await expect(upgrades.upgradeProxy(await proxy.getAddress(), await ethers.getContractFactory('BoxMoved'))).to.be.rejectedWith('incompatible')
  })
})
