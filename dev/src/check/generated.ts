import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { docsStyle, stylePath } from '../docs-style/style.ts'
import { repository } from '../paths.ts'
import { run } from '../processes/run.ts'
import { pagePath, settingsPage } from '../settings-page/page.ts'
import type { Outcome } from './checks.ts'

/** `npm ci` refuses a lock file that does not fit the package.json files; dry, it installs and writes nothing. */
export async function isNpmLockCurrent(): Promise<Outcome> {
  const command = ['npm', 'ci', '--dry-run', '--ignore-scripts', '--loglevel=error']
  for (const folder of ['.', 'tests/orms']) {
    const { code, output } = await run(command, { cwd: join(repository, folder) })
    // Behind what is wrong npm prints all of its options.
    if (code !== 0) return { code, output: output.split(/^npm error\s+Clean install/m)[0] ?? output }
  }
  return { code: 0, output: '' }
}

const files = [
  'backend-fastapi/requirements.txt',
  'backend-fastapi/requirements-dev.txt',
  'bench/requirements.txt',
  'tests/clients/requirements.txt',
  'tests/failover/requirements.txt',
  'tests/orms/requirements.txt',
]
const withoutNetwork = /dns error|error sending request|failed to fetch|network|connection|timed out/i

/** Compiles the requirements into a copy: pins that still fit stay, so a difference means that they no longer do. */
export async function isPythonLockCurrent(): Promise<Outcome> {
  const folder = mkdtempSync(join(tmpdir(), 'lock-'))
  try {
    for (const file of files) {
      mkdirSync(join(folder, dirname(file)), { recursive: true })
      cpSync(join(repository, file), join(folder, file))
    }
    const { code, output } = await run([join(repository, 'dev', 'lock-python.sh'), folder])
    if (code !== 0 && withoutNetwork.test(output)) {
      return { code: 0, output: '', warning: 'not compared: the package index cannot be reached from here' }
    }
    if (code !== 0) return { code, output }
    const read = (root: string, file: string) => readFileSync(join(root, file), 'utf8')
    const stale = files.filter((file) => read(repository, file) !== read(folder, file))
    return { code: stale.length, output: stale.map((file) => `${file} does not fit what it was made from\n`).join('') }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

export async function isSettingsPageCurrent(): Promise<Outcome> {
  if ((await settingsPage()) === readFileSync(pagePath, 'utf8')) return { code: 0, output: '' }
  return { code: 1, output: 'docs/settings.md does not show what .env.example and the services say\n' }
}

export async function isDocsStyleCurrent(): Promise<Outcome> {
  if (docsStyle() === readFileSync(stylePath, 'utf8')) return { code: 0, output: '' }
  return { code: 1, output: `${relative(repository, stylePath)} does not have the colours of brand/brand.json\n` }
}
