// The cases of a suite, each with a name and its problem if it failed.
export class Cases {
  constructor () {
    this.results = []
  }

  async run (name, check) {
    try {
      await check()
      this.results.push({ name })
    } catch (error) {
      this.results.push({ name, problem: String(error.shortMessage ?? error.message ?? error) })
    }
  }
}

export const equal = (found, expected, what = 'value') => {
  const text = value => JSON.stringify(value, (_, each) => (typeof each === 'bigint' ? String(each) : each))
  if (text(found) !== text(expected)) throw new Error(`${what}: expected ${text(expected)}, found ${text(found)}`)
}
