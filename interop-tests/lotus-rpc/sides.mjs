// Two sides: a Lotus devnet, and `fvm node` that forks it. Requests to either or to both, whose answers are compared field by field.
import { readFileSync } from 'node:fs'

const rules = JSON.parse(readFileSync(new URL('reasons.json', import.meta.url))).map(rule => ({ ...rule, used: 0, matcher: matcherOf(rule.path) }))

// `*` stands for any text, `[]` for an index.
function matcherOf (path) {
  const escaped = path.replaceAll(/[.^$+?(){}|\\]/g, '\\$&').replaceAll('[]', '\\[\\d+\\]').replaceAll('*', '.*')
  return new RegExp(`^${escaped}$`)
}

function differences (left, right, path, found) {
  const areNodes = left && right && typeof left === 'object' && typeof right === 'object' && Array.isArray(left) === Array.isArray(right)
  if (areNodes) {
    for (const key of new Set([...Object.keys(left), ...Object.keys(right)])) {
      differences(left[key], right[key], Array.isArray(left) ? `${path}[${key}]` : `${path}.${key}`, found)
    }
  } else if (left !== right) {
    found.push({ path, left, right })
  }
}

const shown = value => {
  const text = JSON.stringify(value) ?? 'absent'
  return text.length <= 160 ? text : `${text.slice(0, 160)}…`
}

export class Sides {
  passed = 0
  failed = 0
  #urls
  #names = [new Map(), new Map()]

  constructor (lotus, node) {
    this.#urls = [lotus, node]
  }

  lotus = (method, ...params) => this.#must(0, method, params)
  node = (method, ...params) => this.#must(1, method, params)

  // What the sides must name differently, such as hashes of blocks, has one name in all comparisons that follow.
  name (left, right, text) {
    this.#names[0].set(left, text)
    this.#names[1].set(right, text)
  }

  // Compares the answers to a request; `params` may be a function of the side. Gives both results.
  async both (what, method, ...params) {
    const of = side => this.#ask(side, method, typeof params[0] === 'function' ? params[0](side) : params)
    const [left, right] = await Promise.all([of(0), of(1)])
    this.compare(`${what}: ${method}`, left, right)
    return [left.result, right.result]
  }

  compare (what, left, right) {
    const found = []
    differences(this.#renamed(left, 0), this.#renamed(right, 1), what, found)
    const unexplained = found.filter(({ path }) => !this.#isExplained(path))
    for (const { path, left: a, right: b } of unexplained) console.log(`${path}: Lotus ${shown(a)}, node ${shown(b)}`)
    this[unexplained.length === 0 ? 'passed' : 'failed']++
  }

  fail (text) {
    this.failed++
    console.log(text)
  }

  // `ofAll`: whether everything was compared, so that each reason must have been found.
  finish ({ ofAll = true } = {}) {
    const unused = rules.filter(({ used, sometimes }) => ofAll && used === 0 && !sometimes)
    for (const { path } of unused) this.fail(`reasons.json: nothing differs at ${path}: remove it`)
    console.log(`${this.passed} passed, ${this.failed} failed, 0 skipped`)
    process.exitCode = this.failed > 0 ? 1 : 0
  }

  async #ask (side, method, params) {
    const response = await fetch(this.#urls[side], {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
      signal: AbortSignal.timeout(120_000)
    })
    const { result, error } = await response.json()
    return error ? { error } : { result }
  }

  async #must (side, method, params) {
    const { result, error } = await this.#ask(side, method, params)
    if (error) throw new Error(`${['Lotus', 'node'][side]}, ${method}: ${error.message}`)
    return result
  }

  #renamed (value, side) {
    if (Array.isArray(value)) return value.map(item => this.#renamed(item, side))
    if (value && typeof value === 'object') {
      return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, this.#renamed(item, side)]))
    }

    return this.#names[side].get(value) ?? value
  }

  #isExplained (path) {
    const rule = rules.find(({ matcher }) => matcher.test(path))
    if (rule) rule.used++
    return rule !== undefined
  }
}
