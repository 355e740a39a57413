// Runs Hardhat in a folder that has its configuration, with the packages that are installed here.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const here = fileURLToPath(new URL('.', import.meta.url))
export const bootstrap = join(here, 'node_modules', 'hardhat', 'internal', 'cli', 'bootstrap.js')

// An empty folder from which packages are found.
export const emptyProject = folder => {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'package.json'), '{ "private": true }\n')
  symlinkSync(join(here, 'node_modules'), join(folder, 'node_modules'))
}

export class Hardhat {
  constructor (folder, environment) {
    this.folder = folder
    this.report = join(folder, 'report.json')
    this.environment = { ...process.env, ...environment, SUITE_REPORT: this.report, HARDHAT_DISABLE_TELEMETRY_PROMPT: 'true' }
  }

  run (...command) {
    const ran = spawnSync(process.execPath, [bootstrap, ...command], {
      cwd: this.folder, env: this.environment, encoding: 'utf8', timeout: 900_000
    })
    if (ran.status !== 0) throw new Error(`hardhat ${command[0]}: ${ran.stdout}${ran.stderr}`.slice(-4000))
    return ran.stdout
  }

  // The results of test files: { name, problem }; failures are no errors of the run.
  test (...files) {
    let output
    try {
      output = this.run('test', '--no-compile', ...files)
    } catch (error) {
      output = error.message
    }
    if (!existsSync(this.report)) throw new Error(`hardhat test wrote no report: ${output.slice(-2000)}`)
    return JSON.parse(readFileSync(this.report, 'utf8')).tests.map(({ fullTitle, err }) => ({ name: fullTitle, problem: err.message }))
  }
}
