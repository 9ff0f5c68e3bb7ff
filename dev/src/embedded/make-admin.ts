import { CannotContinue } from '../errors.ts'
import { run } from '../processes/run.ts'
import { buildAuthServer } from './builds.ts'
import { withDatabase } from './check.ts'
import * as plan from './plan.ts'
import type { Start } from './start.ts'

export async function makeAdmin(start: Start, email: string): Promise<string> {
  const { signal, progress } = start
  const bundle = await buildAuthServer({ env: plan.buildEnvironment(start.basis), signal, progress })
  const { command, ...options } = plan.makeAdmin(withDatabase(start), bundle, email)
  const { code, output } = await run(command, { ...options, signal })
  if (code !== 0) throw new CannotContinue(output.trim())
  return output
}
