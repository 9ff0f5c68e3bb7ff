import { createHash } from 'node:crypto'
import type { Log } from '../log.ts'
import { PASSWORD_LENGTH } from './rules.ts'

type Settings = { BREACHED_PASSWORDS: 'local' | 'api' | 'off'; BREACHED_PASSWORDS_URL: string }
type Parts = { env: Settings; log: Pick<Log, 'warn'> }

/** Whether a password is known from a breach, and so is among the first that are tried. Never fails. */
export type IsBreached = (password: string) => Promise<boolean>

/** A user waits for it, before anything is hashed. */
const TIMEOUT_MS = 1000
/** After an error nobody waits for the service, for this long. */
const PAUSE_MS = 60_000
/** A range has about 2000 lines of 40 bytes. */
const MAX_RANGE_BYTES = 1_000_000

/**
 * `local`: the list of common passwords that comes with this server. `api`: also a service that speaks the range protocol of
 * Have I Been Pwned. It learns the first 20 bits of a SHA-1, which a thousand passwords share; where it cannot be reached,
 * the list decides alone.
 */
export function createIsBreached({ env, log }: Parts): IsBreached {
  if (env.BREACHED_PASSWORDS === 'off') return async () => false
  const isCommon = createIsCommon()
  if (env.BREACHED_PASSWORDS === 'local') return isCommon
  const isInRange = createIsInRange({ env, log })
  return async (password) => (await isCommon(password)) || isInRange(password)
}

/** Shorter ones are refused anyway. In lower case: "Password1" is tried as soon as "password1". */
function createIsCommon(): IsBreached {
  let loading: Promise<ReadonlySet<string>> | undefined
  return async (password) => {
    loading ??= loadCommon()
    return (await loading).has(password.normalize('NFKC').toLowerCase())
  }
}

/** Not with the process: most set no password for a while, and it takes megabytes. */
async function loadCommon(): Promise<ReadonlySet<string>> {
  const { dictionary } = await import('@zxcvbn-ts/language-common')
  return new Set(dictionary['passwords-common'].filter(({ length }) => length >= PASSWORD_LENGTH.min))
}

/** https://haveibeenpwned.com/API/v3#SearchingPwnedPasswordsByRange */
function createIsInRange({ env, log }: Parts): IsBreached {
  let pausedUntil = 0

  return async function isInRange(password) {
    if (performance.now() < pausedUntil) return false
    const digest = createHash('sha1').update(password).digest('hex').toUpperCase()
    try {
      const range = await fetchRange(new URL(digest.slice(0, 5), env.BREACHED_PASSWORDS_URL))
      return range.split(/\r?\n/).some((line) => isSeen(line, digest.slice(5)))
    } catch (error) {
      pausedUntil = performance.now() + PAUSE_MS
      // Not the URL: it ends in a part of the password's hash.
      log.warn({ err: error, pauseSeconds: PAUSE_MS / 1000 }, UNREACHABLE)
      return false
    }
  }
}

/** Whether the service can be used. What is asked for is a range, and nobody's password. Throws where it cannot. */
export async function tryRange({ BREACHED_PASSWORDS_URL }: Pick<Settings, 'BREACHED_PASSWORDS_URL'>): Promise<void> {
  const range = await fetchRange(new URL('00000', BREACHED_PASSWORDS_URL))
  if (!/^[0-9A-F]{35}:\d+/m.test(range)) throw new Error('The response is no range of hashes.')
}

async function fetchRange(url: URL): Promise<string> {
  // With padding, the length of a response does not show which range was asked for.
  const headers = { 'add-padding': 'true', 'user-agent': 'auth-sidecar' }
  const response = await fetch(url, { headers, redirect: 'error', signal: AbortSignal.timeout(TIMEOUT_MS) })
  if (!response.ok || !response.body) throw new Error(`The service responded with status ${response.status}.`)
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of response.body) {
    size += chunk.byteLength
    if (size > MAX_RANGE_BYTES) throw new Error('The response of the service is too large.')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('ascii')
}

/** `SUFFIX:COUNT`; a line of padding counts 0. */
function isSeen(line: string, suffix: string): boolean {
  const [found, count] = line.split(':')
  return found === suffix && Number(count) > 0
}

const UNREACHABLE = 'The service of BREACHED_PASSWORDS_URL cannot be used: only the local list is checked for now'
