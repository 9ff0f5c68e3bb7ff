import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** The program as it is deployed. Run from its sources, every start would cost seconds of CPU. */
export const PROGRAM = fileURLToPath(new URL('../dist/main.js', import.meta.url))

/** vitest's globalSetup: once, before any test. Whoever runs vitest twice at a time builds it before (dev/test-unit.sh). */
export function setup(): void {
  if (process.env.PROGRAM_IS_BUILT) return
  const cwd = fileURLToPath(new URL('..', import.meta.url))
  execFileSync(process.execPath, ['build.mjs'], { cwd, stdio: 'inherit' })
}
