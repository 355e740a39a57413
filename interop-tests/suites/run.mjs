// Runs the contract suites on a node: node run.mjs URL FOLDER [SUITE…] [--write]. The checkouts are in the folder that FVM_SUITES names. The table in
// docs/node.md must have the results; with --write it gets them. The last line is `N passed, N failed, N skipped`.
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { runFilecoinSolidity } from './filecoin-solidity.mjs'
import { runForest } from './forest.mjs'
import { runFvmSolidity } from './fvm-solidity.mjs'
import { here } from './hardhat.mjs'
import { runKit } from './kit.mjs'
import { runOpenZeppelin } from './openzeppelin.mjs'

const runs = {
  'filecoin-solidity': runFilecoinSolidity,
  'fvm-solidity': runFvmSolidity,
  'OpenZeppelin upgrades': (url, _, folder) => runOpenZeppelin(url, folder),
  'FEVM Hardhat kit': runKit,
  Forest: runForest
}
const document = join(here, '..', '..', 'docs', 'node.md')
const [url, folder, ...rest] = process.argv.slice(2)
const writes = rest.includes('--write')
const chosen = rest.filter(name => name !== '--write')
const unknown = chosen.filter(name => !(name in runs))
if (unknown.length > 0) {
  console.error(`test-node-suites: there is no suite ${unknown.join(', ')}: expected some of ${Object.keys(runs).join(', ')}`)
  process.exit(2)
}
const suites = JSON.parse(readFileSync(join(here, 'suites.json'), 'utf8'))
const { dependencies } = JSON.parse(readFileSync(join(here, 'package.json'), 'utf8'))

// Which version of a checkout it is: as git says, or as a file beside the sources.
const revisionOf = checkout => {
  const git = spawnSync('git', ['-C', checkout, 'rev-parse', '--short=10', 'HEAD'], { encoding: 'utf8' })
  if (existsSync(join(checkout, '.git')) && git.status === 0) return git.stdout.trim()
  const file = join(checkout, 'REVISION')
  return existsSync(file) ? readFileSync(file, 'utf8').trim().slice(0, 10) : null
}

const total = { passed: 0, failed: 0, skipped: 0 }
const rows = new Map()
for (const [name, suite] of Object.entries(suites)) {
  if (chosen.length > 0 && !chosen.includes(name)) continue
  const checkout = suite.folder && join(process.env.FVM_SUITES ?? '', suite.folder)
  if (suite.folder && !(process.env.FVM_SUITES && existsSync(checkout))) {
    console.log(`skip  ${name}: there is no checkout: FVM_SUITES names the folder that has it as ${suite.folder}`)
    total.skipped++
    continue
  }
  const source = suite.folder ? revisionOf(checkout) : suite.packages.map(each => `${each} ${dependencies[each]}`).join(', ')
  if (!source) {
    console.log(`FAIL  ${name}: ${checkout} is no checkout, and has no file REVISION`)
    total.failed++
    continue
  }
  let results
  try {
    results = await runs[name](url, checkout, join(folder, name.replaceAll(' ', '-')))
  } catch (error) {
    results = [{ name: 'the suite as a whole', problem: error.message }]
  }
  const count = { passed: 0, failed: 0, skipped: 0 }
  const differences = suite.differs ?? {}
  for (const { name: title, problem } of results) {
    const reason = differences[title]
    const outcome = problem ? (reason ? 'skipped' : 'failed') : reason ? 'failed' : 'passed'
    count[outcome]++
    const failure = problem && (reason ? `differs: ${reason}` : problem.replaceAll('\n', ' ').slice(0, 600))
    const text = failure ?? (reason ? 'it passes, though it is listed' : '')
    console.log(`${{ passed: 'ok   ', failed: 'FAIL ', skipped: 'skip ' }[outcome]} ${name}: ${title}${text && `: ${text}`}`)
  }
  for (const title of Object.keys(differences).filter(title => !results.some(result => result.name === title))) {
    console.log(`FAIL  ${name}: ${title}: it is listed, but there is no such case`)
    count.failed++
  }
  for (const outcome of Object.keys(total)) total[outcome] += count[outcome]
  const reasons = [...new Set(Object.values(differences))].filter(reason => reason !== 'the same').join('; ')
  rows.set(name, `| ${name} | ${suite.what} | ${source} | ${count.passed} | ${count.failed} | ${count.skipped}${reasons && `: ${reasons}`} |`)
}

const head = '| suite | what runs | version | passed | failed | differs |'
const lines = readFileSync(document, 'utf8').split('\n')
const start = lines.indexOf(head)
if (start < 0) throw new Error(`${document} has no table that begins with: ${head}`)
for (const [name, row] of rows) {
  const at = lines.findIndex((line, index) => index > start && line.startsWith(`| ${name} |`))
  if (lines[at] === row) continue
  if (!writes) {
    console.log(`FAIL  docs/node.md has ${lines[at] ?? 'no row'}\n      in place of ${row}: see whether that is right, then run with --write`)
    total.failed++
  } else if (at < 0) {
    lines.splice(start + 2, 0, row)
  } else {
    lines[at] = row
  }
}
if (writes) writeFileSync(document, lines.join('\n'))
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`)
process.exit(total.failed === 0 ? 0 : 1)
