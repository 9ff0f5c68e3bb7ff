import { spawnSync } from 'node:child_process'
import { statSync, utimesSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { repository } from './paths.ts'

const bundle = join(repository, 'dev', 'dist', 'main.js')

function runBundle() {
  const { status, stderr } = spawnSync(join(repository, 'dev', 'run.sh'), ['nothing'], { cwd: '/', encoding: 'utf8' })
  return { status, stderr, builtAt: statSync(bundle).mtimeMs }
}

test('the bundle is made when a source has changed, and only then', () => {
  const first = runBundle()
  expect(first.status).toBe(64)
  expect(first.stderr).toContain('Usage: main.ts up |')
  expect(runBundle().builtAt).toBe(first.builtAt)

  const now = new Date()
  utimesSync(join(repository, 'dev', 'src', 'paths.ts'), now, now)

  expect(runBundle().builtAt).toBeGreaterThan(first.builtAt)
})
