// The compiler from npm where Hardhat and forge keep those that they download, for a home of its own: the tools and their configurations
// stay as they are.
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const require = createRequire(import.meta.url)
const script = fileURLToPath(new URL('solc.mjs', import.meta.url))

const link = (path, target = script) => {
  mkdirSync(dirname(path), { recursive: true })
  rmSync(path, { force: true })
  symlinkSync(target, path)
}

// The environment of tools whose home is the folder `home`.
export const homeWithCompiler = home => {
  const longVersion = require('solc').version().replace('.Emscripten.clang', '')
  const version = longVersion.split('+')[0]
  // Hardhat 3 fetches the compiler's WebAssembly, too.
  for (const [place, path, target] of [
    ['compilers-v2/linux-amd64', `solc-linux-amd64-v${longVersion}`, script],
    ['compilers-v3/linux-amd64', `solc-linux-amd64-v${longVersion}`, script],
    ['compilers-v3/wasm', `soljson-v${longVersion}.js`, require.resolve('solc/soljson.js')]
  ]) {
    const folder = join(home, 'cache/hardhat-nodejs', place)
    link(join(folder, path), target)
    const list = { builds: [{ path, version, longVersion }], releases: { [version]: path }, latestRelease: version }
    writeFileSync(join(folder, 'list.json'), JSON.stringify(list))
  }
  link(join(home, 'data/svm', version, `solc-${version}`))
  // Of their own, too: OpenZeppelin's plug-in leaves files among the temporary ones.
  const temporary = join(home, 'tmp')
  mkdirSync(temporary, { recursive: true })
  return {
    ...process.env,
    HOME: home,
    TMPDIR: temporary,
    XDG_CACHE_HOME: join(home, 'cache'),
    XDG_DATA_HOME: join(home, 'data'),
    XDG_CONFIG_HOME: join(home, 'config'),
    NO_COLOR: '1',
    FOUNDRY_DISABLE_NIGHTLY_WARNING: '1',
    FOUNDRY_OFFLINE: 'true',
    HARDHAT_DISABLE_TELEMETRY_PROMPT: 'true',
    HARDHAT_IGNITION_CONFIRM_DEPLOYMENT: 'false',
    npm_config_update_notifier: 'false'
  }
}
