import { repository } from '../paths.ts'
import { run } from '../processes/run.ts'
import type { Outcome } from './checks.ts'

/** `npm ci` refuses a lock file that does not fit the package.json files; dry, it installs and writes nothing. */
export async function isNpmLockCurrent(): Promise<Outcome> {
  const command = ['npm', 'ci', '--dry-run', '--ignore-scripts', '--loglevel=error']
  const { code, output } = await run(command, { cwd: repository })
  // Behind what is wrong npm prints all of its options.
  return { code, output: output.split(/^npm error\s+Clean install/m)[0] ?? output }
}
