import { join } from 'node:path'
import { brandErrors } from '../brand.ts'
import { environment } from '../env.ts'
import { repository } from '../paths.ts'
import { type Finished, run } from '../processes/run.ts'
import { isDocsStyleCurrent, isNpmLockCurrent, isPythonLockCurrent, isSettingsPageCurrent } from './generated.ts'

export type Outcome = Finished & {
  /** What could not be looked at, and why: the check passes with a warning. */
  warning?: string
}
export type Check = { name: string; fix?: string; run(): Promise<Outcome> }

const tool = (name: string) => join(repository, 'node_modules', '.bin', name)
const ruff = join(repository, '.venv', 'bin', 'ruff')
const python = join(repository, '.venv', 'bin', 'python')
const vulture = [join(repository, '.venv', 'bin', 'vulture'), '--config', 'backend-fastapi/pyproject.toml']
const pythonFolders = ['backend-fastapi', 'tests', 'bench']
/** What is deployed, looked at alone: code that only tests use is dead too. */
const deployedPython = ['app', 'auth_sidecar/src', 'auth_sidecar_server/src', 'migrations'].map(
  (folder) => `backend-fastapi/${folder}`,
)

export const checks: Check[] = [
  check('format and lint (TypeScript)', [tool('biome'), 'check', '--colors=off', '.'], 'make format'),
  ...['brand', 'auth-server', 'frontend', 'dev', 'dev/src/mail/browser', 'tests/browser', 'tests/clients', 'bench'].map(
    (folder) => check(`types of ${folder}`, [tool('tsc'), '-p', folder]),
  ),
  check('dead code (TypeScript)', [tool('knip'), '--no-progress']),
  check('format (Python)', [ruff, 'format', '--check', ...pythonFolders], 'make format'),
  check('lint (Python)', [ruff, 'check', ...pythonFolders], 'make format'),
  check('dead code (Python)', [...vulture, ...pythonFolders]),
  check('code for tests alone (Python)', [...vulture, '--exclude', '*/test_*.py', ...deployedPython]),
  ...pythonFolders.map((folder) => check(`types of ${folder} (Python)`, [tool('pyright'), '-p', folder])),
  { name: 'the brand', run: isBrandUsable },
  { name: 'npm lock file', fix: 'make lock', run: isNpmLockCurrent },
  { name: 'Python lock files', fix: 'make lock', run: isPythonLockCurrent },
  { name: 'the colours of /docs', fix: 'make docs-style', run: isDocsStyleCurrent },
  { name: 'docs/settings.md', fix: 'make settings-page', run: isSettingsPageCurrent },
  check("the repository's own rules", [python, '-m', 'pytest', '-q', 'tests/repository']),
]

function check(name: string, command: string[], fix?: string): Check {
  return { name, ...(fix && { fix }), run: () => run(command, { cwd: repository }) }
}

/** Every field of brand.json, and the contrast of its colours. */
async function isBrandUsable(): Promise<Outcome> {
  const errors = brandErrors(environment.BRAND_FOLDER)
  return { code: errors.length, output: errors.join('\n') }
}
