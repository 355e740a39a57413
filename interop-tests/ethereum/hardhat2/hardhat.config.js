require('@nomicfoundation/hardhat-toolbox')
require('@openzeppelin/hardhat-upgrades')

module.exports = {
  solidity: { version: '0.8.30', settings: { evmVersion: 'cancun', optimizer: { enabled: true } } },
  networks: {
    localhost: { url: process.env.NODE_URL },
    // Forks the node by Hardhat's own EVM.
    hardhat: process.env.FORKED_URL ? { chainId: 31415926, hardfork: 'cancun', forking: { url: process.env.FORKED_URL } } : {}
  },
  ignition: { strategyConfig: { create2: { salt: `0x${'07'.repeat(32)}` } } },
  mocha: { timeout: 120_000 }
}
