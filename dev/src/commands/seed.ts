import { randomBytes } from 'node:crypto'
import { CannotContinue } from '../errors.ts'
import type { Settings } from '../settings/settings.ts'
import type { Terminal } from '../terminal/terminal.ts'

/** What became of the demo account; `none` when the settings name no password for it. */
export type Demo = 'ready' | 'other password' | 'none'

export async function seed(settings: Settings, terminal: Terminal): Promise<undefined> {
  const { DEMO_EMAIL: email, DEMO_PASSWORD: password } = settings.variables
  const told: Record<Demo, string> = {
    ready: `${email} can sign in with ${password}`,
    'other password': `${email} exists with another password than DEMO_PASSWORD in .env.`,
    none: 'DEMO_EMAIL or DEMO_PASSWORD is empty: there is nobody to sign up.',
  }
  terminal.say(told[await ensureDemo(settings)])
}

/** Signs the demo account up as anybody would, or finds that it is there. */
export async function ensureDemo({ ports, variables }: Settings): Promise<Demo> {
  const { DEMO_EMAIL: email, DEMO_PASSWORD: password } = variables
  if (!email || !password) return 'none'
  const send = (path: string, body: object) =>
    fetch(`http://127.0.0.1:${ports.AUTH_PORT}/api/auth/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: variables.PUBLIC_URL, 'x-request-id': requestId() },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(10_000),
    })
  const signUp = await send('sign-up/email', { name: 'Demo', email, password })
  if (signUp.ok) return 'ready'
  const { code = '', message = '' } = await codeOf(signUp)
  if (!code.startsWith('USER_ALREADY_EXISTS')) {
    throw new CannotContinue(`The demo account cannot be made: ${signUp.status} ${code} ${message}`)
  }
  const signIn = await send('sign-in/email', { email, password })
  return signIn.status === 401 ? 'other password' : 'ready'
}

function requestId() {
  return `seed-${randomBytes(6).toString('hex')}`
}

async function codeOf(answer: Response): Promise<{ code?: string; message?: string }> {
  return answer.json().catch(() => ({})) as Promise<{ code?: string; message?: string }>
}
