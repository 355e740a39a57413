// The node of a run, with the recorder before it: tools are sent to `url`.
import { check, equal, finish } from './check.mjs'
import { Recorder } from './recorder.mjs'

export const nodeUrl = process.argv[2].replace(/\/$/, '')
export const recorder = new Recorder(nodeUrl)
export const url = await recorder.start()

// `wanted`: methods that have to have been called.
export const end = async wanted => {
  await check('each request of a tool has a result, or an error that is meant', async () => {
    if (recorder.methods.size < 5) throw new Error(`only ${recorder.methods.size} methods were recorded`)
    equal(recorder.unanswered.join('\n'), '', 'unanswered')
  })
  if (wanted.length > 0) {
    await check('each method of the table was called', async () => {
      equal(wanted.filter(method => !recorder.methods.has(method)).join(', '), '', 'not called')
    })
  }
  const requests = [...recorder.methods.values()].reduce((sum, count) => sum + count, 0)
  console.log(`${requests} requests by ${recorder.methods.size} methods; refused by intent:`)
  recorder.refused.forEach(line => console.log(`      ${line}`))
  recorder.stop()
  finish()
}
