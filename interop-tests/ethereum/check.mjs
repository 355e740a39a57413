// A count of checks, each with a name; the last line is `N passed, N failed, N skipped`.
let passed = 0
let failed = 0
let skipped = 0

export const check = async (name, run) => {
  try {
    await run()
    passed++
    console.log(`ok    ${name}`)
  } catch (error) {
    failed++
    console.log(`FAIL  ${name}: ${String(error.message ?? error).slice(0, 600)}`)
  }
}

export const skip = (name, reason) => {
  skipped++
  console.log(`skip  ${name}: ${reason}`)
}

export const equal = (found, expected, what = 'value') => {
  if (String(found) !== String(expected)) throw new Error(`${what}: expected ${expected}, found ${found}`)
}

export const contains = (text, part) => {
  if (!String(text).includes(part)) throw new Error(`expected '${part}' in: ${text}`)
}

export const rejects = async (promise, ...parts) => {
  let result
  try {
    result = await promise
  } catch (error) {
    const text = [error.message, error.shortMessage, error.stderr, error.reason, error.details].join('\n')
    for (const part of parts) contains(text, part)
    return error
  }
  throw new Error(`expected a failure, found ${result}`)
}

export const finish = () => {
  console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`)
  process.exit(failed === 0 ? 0 : 1)
}
