// The quickstarts of docs/node.md, word for word: files and commands are taken from the document; only the node's address is another one.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { check } from '../check.mjs'
import { run } from '../sides.mjs'

const require = createRequire(import.meta.url)
const address = 'http://127.0.0.1:8545'

// The blocks of a section: those that begin with a comment `// path` or `# path` are files, those of `sh` are commands.
const blocks = (document, title) => {
  const start = document.indexOf(`### ${title}\n`)
  if (start < 0) throw new Error(`docs/node.md has no section '${title}'`)
  const next = document.slice(start + 4).search(/^##/m)
  const section = document.slice(start, next < 0 ? undefined : start + 4 + next)
  return [...section.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].map(([, language, text]) => {
    const file = language === 'sh' ? undefined : /^(?:\/\/|#) (\S+)\n/.exec(text)?.[1]
    return { language, text, file }
  })
}

export const quickstarts = async ({ work, document, url, env }) => {
  const text = readFileSync(document, 'utf8').replaceAll(address, url)
  const tools = ['forge', 'cast'].map(tool => join(dirname(require.resolve(`@foundry-rs/${tool}-linux-amd64/package.json`)), 'bin'))
  for (const title of ['Hardhat', 'Foundry']) {
    await check(`the quickstart with ${title}`, async () => {
      const folder = join(work, title)
      rmSync(folder, { recursive: true, force: true })
      mkdirSync(folder, { recursive: true })
      const parts = blocks(text, title)
      if (!parts.some(part => part.file) || !parts.some(part => part.language === 'sh')) throw new Error('the section has no files or no commands')
      for (const { file, text } of parts.filter(part => part.file)) {
        mkdirSync(dirname(join(folder, file)), { recursive: true })
        writeFileSync(join(folder, file), text)
      }
      for (const { text } of parts.filter(part => part.language === 'sh')) {
        const { status, output } = await run(['bash', '-euo', 'pipefail', '-c', text], {
          seconds: 600, cwd: folder, env: { ...env, PATH: [...tools, env.PATH].join(':') }
        })
        if (status !== 0) throw new Error(`'${text.trim()}' ends with ${status}: ${output.slice(-500)}`)
      }
    })
  }
}
