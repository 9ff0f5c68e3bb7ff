import { type Command, mustRun } from '../processes/run.ts'
import type { Work } from '../stack.ts'
import { indented } from '../terminal/logs.ts'
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

async function runStep(name: string, command: Command, signal: AbortSignal): Promise<void> {
  await mustRun(command, signal, ({ code, output }) => {
    return `${name} failed (exit code ${code}):\n\n${indented(output.trim().split('\n').slice(-15))}`
  })
}
