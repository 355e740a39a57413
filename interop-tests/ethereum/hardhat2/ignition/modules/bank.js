const { buildModule } = require('@nomicfoundation/hardhat-ignition/modules')

module.exports = buildModule('Banks', builder => {
  const bank = builder.contract('Bank')
  builder.send('pay', bank, 7n)
  return { bank }
})
