import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { repository } from '../paths.ts'
import { run } from '../processes/run.ts'
import type { Outcome } from './checks.ts'

const files = ['requirements.txt', 'requirements-dev.txt']
const withoutNetwork = /dns error|error sending request|failed to fetch|network|connection|timed out/i

/** Compiles the requirements into a copy: pins that still fit stay, so a difference means that they no longer do. */
export async function isPythonLockCurrent(): Promise<Outcome> {
  const folder = mkdtempSync(join(tmpdir(), 'lock-'))
  try {
    for (const file of files) cpSync(lockFile(file), join(folder, file))
    const { code, output } = await run([join(repository, 'dev', 'lock-python.sh'), folder])
    if (code !== 0 && withoutNetwork.test(output)) {
      return { code: 0, output: '', warning: 'not compared: the package index cannot be reached from here' }
    }
    if (code !== 0) return { code, output }
    const stale = files.filter(
      (file) => readFileSync(lockFile(file), 'utf8') !== readFileSync(join(folder, file), 'utf8'),
    )
    return { code: stale.length, output: stale.map((file) => `${file} does not fit pyproject.toml\n`).join('') }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function lockFile(name: string): string {
  return join(repository, 'backend-fastapi', name)
}
