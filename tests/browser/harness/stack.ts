import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { expect } from 'vitest'

export type Service = 'auth-server' | 'backend' | 'mail'

const stopped = new Set<Service>()

/** The running stack under test, as `dev/src/main.ts with-stack` describes it. */
export const stack = {
  frontendUrl: required('STACK_FRONTEND_URL').replace(/\/$/, ''),
  apiUrl: required('STACK_API_URL'),
  mailUrl: required('STACK_MAIL_URL'),
  smtpUrl: required('STACK_SMTP_URL'),
  providerUrl: required('STACK_PROVIDER_URL'),

  async stop(service: Service): Promise<void> {
    if (!expect.getState().testPath?.endsWith('/outages.test.ts'))
      throw new Error('Other tests use the stack meanwhile. What stops a service belongs in outages.test.ts.')
    stopped.add(service)
    await control('stop', service)
  },

  /** Returns when the service responds. */
  async start(service: Service): Promise<void> {
    await control('start', service)
    stopped.delete(service)
  },

  /** After the auth server was stopped: returns when the backend uses no session any more that it cannot check. */
  async outlastLeases(): Promise<void> {
    await expect.poll(hasNoLease, { timeout: 10_000 }).toBe(true)
  },

  /** After a test that failed before it started them. */
  async startWhatIsStopped(): Promise<void> {
    for (const service of stopped) await stack.start(service)
  },

  /** One statement, as the database's superuser. */
  async sql(statement: string): Promise<void> {
    await control('sql', statement)
  },
}

async function hasNoLease(): Promise<boolean> {
  const headers = { 'x-internal-token': required('STACK_INTERNAL_TOKEN') }
  const metrics = await (await fetch(new URL('/health/metrics', stack.apiUrl), { headers })).text()
  const read = (name: string) => new RegExp(`^auth_sidecar_${name} (.+)$`, 'm').exec(metrics)?.[1]
  const [age, length] = [read('lease_age_seconds'), read('lease_seconds')]
  return age === '+Inf' || Number(age) >= Number(length)
}

let running: ReturnType<typeof startControl> | undefined

/** One command of `STACK_CONTROL`. They share one process, because each start of it takes seconds. */
async function control(...args: string[]): Promise<void> {
  running ??= startControl()
  const { stdin, lines } = running
  stdin.write(`${JSON.stringify(args)}\n`)
  const { value, done } = await lines.next()
  if (done) throw new Error(`${required('STACK_CONTROL')} has ended`)
  const { error } = JSON.parse(value) as { error?: string }
  if (error !== undefined) throw new Error(`${args.join(' ')}: ${error}`)
}

/** It ends with its input, which ends with this process. */
function startControl() {
  const child = spawn('sh', ['-c', `exec ${required('STACK_CONTROL')}`], { stdio: ['pipe', 'pipe', 'inherit'] })
  return { stdin: child.stdin, lines: createInterface({ input: child.stdout })[Symbol.asyncIterator]() }
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
