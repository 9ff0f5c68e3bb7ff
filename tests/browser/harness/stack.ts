import { exec } from 'node:child_process'
import { promisify } from 'node:util'

const run = promisify(exec)

export type Service = 'auth-server' | 'backend'

const stopped = new Set<Service>()

/** The running stack under test, as `dev/src/main.ts with-stack` describes it. */
export const stack = {
  frontendUrl: required('STACK_FRONTEND_URL').replace(/\/$/, ''),

  async stop(service: Service): Promise<void> {
    stopped.add(service)
    await run(`${required('STACK_CONTROL')} stop ${service}`)
  },

  /** Returns when the service answers. */
  async start(service: Service): Promise<void> {
    await run(`${required('STACK_CONTROL')} start ${service}`)
    stopped.delete(service)
  },

  /** After a test that stopped half-way. */
  async startWhatIsStopped(): Promise<void> {
    for (const service of stopped) await stack.start(service)
  },
}

function required(name: string): string {
  const value = process.env[name]
  if (value) return value
  throw new Error(
    [
      `${name} is not set: these tests need a running stack. Run them beside a throw-away one, from the root:`,
      '  node --import tsx dev/src/main.ts with-stack -- npx vitest run --root tests/browser',
    ].join('\n'),
  )
}
