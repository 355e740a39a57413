// @filoz/synapse-core, the core of the SDK of Filecoin Onchain Cloud, against stand-ins of its contracts with the ABIs that it carries.
import { cpSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { compile } from '../compile.mjs'

export const synapse = (beside, { work, project, env, node }) => beside.suite('synapse-core', async (flow, sides) => {
  const { Token } = compile()
  const { Pay } = compile(new URL('../synapse/contracts/', import.meta.url))
  rmSync(join(work, 'flow.mjs'), { force: true })
  cpSync(join(project, 'flow.mjs'), join(work, 'flow.mjs'))
  for (const side of sides) {
    // The owner of the tokens is the account that the flow has the key of.
    side.made.token = await side.deploy(Token.bytecode)
    side.made.payments = await side.deploy(Pay.bytecode)
  }
  await flow('approve, deposit, approve an operator, withdraw', side => [
    node, 'flow.mjs', JSON.stringify({ url: side.url, token: side.made.token, payments: side.made.payments })
  ], { options: () => ({ cwd: work, env }) })
})
