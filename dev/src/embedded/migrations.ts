import { CannotContinue } from '../errors.ts'
import { type Command, run } from '../processes/run.ts'
import type { Work } from '../stack.ts'
import type { Plan } from './plan.ts'

/** Roles and database, the auth server's tables, then the backend's, which refer to them. */
export function beginMigrations({ setup, auth: authStep, backend }: Plan['migrations'], { progress, signal }: Work) {
  const begin = Date.now()
  const auth = (async () => {
    if (setup) await runStep('setup-database', setup, signal)
    await runStep("the auth server's migrations", authStep, signal)
  })()
  const all = auth.then(async () => {
    await runStep("the backend's migrations", backend, signal)
    progress.done('database', 'migrated', Date.now() - begin)
  })
  return { auth, all }
}

async function runStep(name: string, { command, ...options }: Command, signal: AbortSignal): Promise<void> {
  const { code, output } = await run(command, { ...options, signal })
  signal.throwIfAborted()
  if (code === 0) return
  const lines = output.trim().split('\n').slice(-15)
  throw new CannotContinue(`${name} failed (exit code ${code}):\n\n${lines.map((line) => `    ${line}`).join('\n')}`)
}
