import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { repository } from '../paths.ts'
import { run } from '../processes/run.ts'
import type { Outcome } from './checks.ts'

const files = [
  'backend-fastapi/requirements.txt',
  'backend-fastapi/requirements-dev.txt',
  'bench/requirements.txt',
  'tests/clients/requirements.txt',
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
