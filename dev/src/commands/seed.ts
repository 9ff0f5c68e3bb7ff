import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Context } from '../development.ts'
import { CannotContinue } from '../errors.ts'
import type { Settings } from '../settings/settings.ts'

/** What became of the demo account; `none` when the settings name no password for it, `closed` when nobody may sign up. */
export type Demo = 'ready' | 'other password' | 'none' | 'closed'

export async function seed({ inspected: { settings }, terminal, signals: { signal } }: Context): Promise<undefined> {
  const { DEMO_EMAIL: email, DEMO_PASSWORD: password } = settings.variables
  const messages: Record<Demo, string> = {
    ready: `${email} can sign in with ${password}`,
    'other password': `${email} exists with another password than DEMO_PASSWORD in .env.`,
    closed: 'SIGN_UP is closed, and there is no account to sign in with DEMO_PASSWORD.',
    none: 'DEMO_EMAIL or DEMO_PASSWORD is empty: there is no account to sign up.',
  }
  terminal.say(messages[await ensureDemo(settings, signal)])
}

/** The default limits end sooner. */
const LONGEST_WAIT_SECONDS = 15

/** Signs the demo account up over HTTP, or finds that it exists. */
export async function ensureDemo(
  { ports, variables }: Pick<Settings, 'ports' | 'variables'>,
  signal: AbortSignal,
): Promise<Demo> {
  const { DEMO_EMAIL: email, DEMO_PASSWORD: password } = variables
  if (!email || !password) return 'none'
  const send = (path: string, body: object) =>
    fetch(`http://127.0.0.1:${ports.AUTH_PORT}/api/auth/${path}`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        origin: variables.PUBLIC_URL,
        'x-request-id': `seed-${randomBytes(6).toString('hex')}`,
      },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(10_000),
    })
  const signUp = await obeyingLimits(() => send('sign-up/email', { name: 'Demo', email, password }), signal)
  if (signUp.ok) return 'ready'
  const { code = '', message = '' } = await codeOf(signUp)
  const isClosed = code === 'SIGN_UP_CLOSED'
  if (!isClosed && !code.startsWith('USER_ALREADY_EXISTS')) {
    throw new CannotContinue(`The demo account cannot be made: ${signUp.status} ${code} ${message}`)
  }
  const signIn = await obeyingLimits(() => send('sign-in/email', { email, password }), signal)
  if (signIn.status !== 401) return 'ready'
  return isClosed ? 'closed' : 'other password'
}

/** `make up`, `make down` and `make up` again within seconds meets the rate limit of one address, which says how long to wait. */
async function obeyingLimits(send: () => Promise<Response>, signal: AbortSignal): Promise<Response> {
  const response = await send()
  const seconds = Number(response.headers.get('retry-after'))
  if (response.status !== 429 || seconds > LONGEST_WAIT_SECONDS) return response
  await sleep(seconds * 1000, undefined, { signal }).catch(() => signal.throwIfAborted())
  return send()
}

async function codeOf(response: Response): Promise<{ code?: string; message?: string }> {
  return response.json().catch(() => ({})) as Promise<{ code?: string; message?: string }>
}
