import { buildModule } from '@nomicfoundation/hardhat-ignition/modules'

export default buildModule('Shop', builder => {
  const bank = builder.contract('Bank')
  const token = builder.contract('Token')
  const transfer = builder.call(token, 'transfer', [builder.getAccount(1), 5n])
  builder.send('pay', bank, 7n, undefined, { after: [transfer] })
  return { bank, token }
})
