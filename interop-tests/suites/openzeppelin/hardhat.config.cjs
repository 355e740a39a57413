// OpenZeppelin's upgrade plug-in on the node that SUITE_URL names.
const { subtask } = require('hardhat/config')
const { TASK_COMPILE_SOLIDITY_GET_SOLC_BUILD } = require('hardhat/builtin-tasks/task-names')
require('@nomicfoundation/hardhat-ethers')
require('@openzeppelin/hardhat-upgrades')

const version = '0.8.30'

subtask(TASK_COMPILE_SOLIDITY_GET_SOLC_BUILD, async () => ({
  compilerPath: require.resolve('solc/soljson.js'), isSolcJs: true, version, longVersion: version
}))

module.exports = {
  solidity: { version, settings: { evmVersion: 'cancun', optimizer: { enabled: true } } },
  defaultNetwork: 'node',
  networks: { node: { url: process.env.SUITE_URL, timeout: 300_000 } },
  mocha: { timeout: 300_000, reporter: 'json', reporterOptions: { output: process.env.SUITE_REPORT } }
}
