// Runs the suites of filecoin-solidity on the node that SUITE_URL names: their contracts and test files as they are, without the plug-ins that
// take no part (typechain, foundry, contract-sizer), by the compiler from npm.
import { HardhatUserConfig, subtask } from "hardhat/config"
import { TASK_COMPILE_SOLIDITY_GET_SOLC_BUILD, TASK_COMPILE_SOLIDITY_GET_SOURCE_PATHS } from "hardhat/builtin-tasks/task-names"

import "@nomicfoundation/hardhat-ethers"
import "@openzeppelin/hardhat-upgrades"

const version = "0.8.18"

subtask(TASK_COMPILE_SOLIDITY_GET_SOLC_BUILD, async () => ({
    compilerPath: require.resolve("solc18/soljson.js"),
    isSolcJs: true,
    version,
    longVersion: version,
}))

// Tests of forge need its library; contracts of thousands of generated cases need minutes, and no suite calls them.
subtask(TASK_COMPILE_SOLIDITY_GET_SOURCE_PATHS, async (_, __, runSuper) => {
    const paths: string[] = await runSuper()
    return paths.filter((path) => !/leb128\.generated|mocks.tests|vendor|filladdress|typeconstructor|bigints2/.test(path))
})

const config: HardhatUserConfig = {
    solidity: { version, settings: { optimizer: { enabled: true, runs: 200 } } },
    defaultNetwork: "localnet",
    networks: { localnet: { url: process.env.SUITE_URL, chainId: 31415926, gas: 1_000_000_000, timeout: 300_000 } },
    mocha: { timeout: 300_000, reporter: "json", reporterOptions: { output: process.env.SUITE_REPORT } },
}

export default config
