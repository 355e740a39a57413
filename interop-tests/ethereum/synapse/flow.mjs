// @filoz/synapse-core on its chain `devnet`: reads by multicall, writes simulated first. Argument: the URL, token and payments, as JSON.
import * as chains from '@filoz/synapse-core/chains'
import * as erc20 from '@filoz/synapse-core/erc20'
import * as pay from '@filoz/synapse-core/pay'
import assert from 'node:assert/strict'
import { createWalletClient, http } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'

const { url, token, payments } = JSON.parse(process.argv[2])
const account = privateKeyToAccount('0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80')
const { usdfc, filecoinPay } = chains.devnet.contracts
const chain = {
  ...chains.devnet,
  rpcUrls: { default: { http: [url] } },
  contracts: { ...chains.devnet.contracts, usdfc: { ...usdfc, address: token }, filecoinPay: { ...filecoinPay, address: payments } }
}
const client = chains.asClient(createWalletClient({ account, chain, transport: http(url), pollingInterval: 50 }))
const { address } = account

// By a multicall: balance, decimals, symbol, allowance.
const before = await erc20.balance(client, { address })
assert.equal(before.symbol, 'EXA')
assert.equal(before.decimals, 18)
assert.equal(before.allowance, 0n)
await assert.rejects(pay.deposit(client, { amount: 5n }), /llowance/)

const { event: approval } = await erc20.approveSync(client, { amount: 100n })
assert.equal(approval.args.value, 100n)
assert.equal((await erc20.balance(client, { address })).allowance, 100n)

const { event: deposit } = await pay.depositSync(client, { amount: 60n })
assert.equal(deposit.args.amount, 60n)
assert.equal((await pay.accounts(client, { address })).availableFunds, 60n)
assert.equal((await erc20.balance(client, { address })).value, before.value - 60n)

const operator = '0x00000000000000000000000000000000000abcde'
await pay.setOperatorApprovalSync(client, { operator, approve: true, rateAllowance: 1n, lockupAllowance: 2n, maxLockupPeriod: 3n })
const found = await pay.operatorApprovals(client, { address, operator })
assert.deepEqual([found.isApproved, found.rateAllowance, found.lockupAllowance, found.maxLockupPeriod], [true, 1n, 2n, 3n])

await pay.withdrawSync(client, { amount: 20n })
assert.equal((await pay.accounts(client, { address })).funds, 40n)
// More than there is: the simulation fails, nothing is sent.
await assert.rejects(pay.withdraw(client, { amount: 1000n }))
console.log('all flows of synapse-core ran')
