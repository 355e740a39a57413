// Contracts by ethers, from the node's first account. The caller ends the provider by `destroy()`.
import { Contract, ContractFactory, JsonRpcProvider } from 'ethers'

export const firstSigner = async url => {
  const provider = new JsonRpcProvider(url, undefined, { batchMaxCount: 1, cacheTimeout: -1 })
  return { provider, signer: await provider.getSigner(0) }
}

// `rest`: the constructor's arguments, and overrides of the transaction's fields behind them.
export const deploy = async (signer, { abi, bytecode }, ...rest) => {
  const contract = await new ContractFactory(abi, bytecode, signer).deploy(...rest)
  await contract.waitForDeployment()
  return new Contract(await contract.getAddress(), abi, signer)
}
