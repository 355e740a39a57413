import toolbox from '@nomicfoundation/hardhat-toolbox-viem'
import { defineConfig } from 'hardhat/config'

export default defineConfig({
  plugins: [toolbox],
  solidity: { version: '0.8.30', settings: { evmVersion: 'cancun', optimizer: { enabled: true } } },
  networks: {
    devnet: { type: 'http', chainType: 'l1', url: process.env.NODE_URL },
    // Forks the node by Hardhat's own EVM.
    forked: { type: 'edr-simulated', chainType: 'l1', chainId: 31415926, forking: { url: process.env.NODE_URL } }
  }
})
