const { buildModule } = require('@nomicfoundation/hardhat-ignition/modules')

module.exports = buildModule('Shop', builder => {
  const bank = builder.contract('Bank')
  const token = builder.contract('Token')
  const other = builder.getAccount(1)
  const transfer = builder.call(token, 'transfer', [other, 5n])
  builder.send('pay', bank, 7n, undefined, { after: [transfer] })
  const balance = builder.staticCall(token, 'balanceOf', [other], 0, { after: [transfer] })
  builder.call(token, 'transfer', [other, balance], { id: 'again' })
  return { bank, token }
})
