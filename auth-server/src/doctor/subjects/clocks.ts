import { seconds, TOLERATED_MS } from '../../clock/database-clock.ts'
import { type Examined, type Found, shell, shellWord, subject } from '../finding.ts'
import type { Reader } from '../reader.ts'

export const CLOCKS = subject({
  title: 'Clocks',
  good: 'this machine, the database and the backend agree',
  kinds: {
    'clock-off': {
      severity: 'warning',
      why: "The database's clock counts for sessions; certificates, ID tokens and logs go by this machine's.",
    },
    'backend-clock-off': {
      severity: 'warning',
      why: 'Logs of the two services cannot be read together, and TLS may fail.',
    },
    'backend-unreachable': { severity: 'warning', why: 'Nothing that needs the backend works.' },
  },
  checks: [
    { name: 'database', of: 'database', run: database },
    { name: 'backend', of: 'network', run: backend },
  ],
})

const SET_CLOCK = 'sudo timedatectl set-ntp true'

async function database(reader: Reader, { now }: Examined): Promise<Found<'clock-off'>[]> {
  const { sentAt, receivedAt, at } = await reader.read(async (query) => {
    const before = now()
    const text = `SELECT date_part('epoch', clock_timestamp())::float8 * 1000 AS "at"`
    const [row] = await query<{ at: number }>(text)
    return { sentAt: before, receivedAt: now(), at: row?.at ?? before }
  })
  const offset = offsetOf(at, sentAt, receivedAt)
  if (Math.abs(offset) <= TOLERATED_MS) return []
  return [
    {
      id: 'clock-off',
      what: `This machine's clock is ${describe(offset)} the database's.`,
      fix: [shell(SET_CLOCK, { note: 'on the machine whose clock is wrong' })],
    },
  ]
}

async function backend({ backendUrl, now }: Examined): Promise<Found<'backend-clock-off' | 'backend-unreachable'>[]> {
  if (backendUrl === undefined) return []
  const url = `${backendUrl.replace(/\/$/, '')}/health/live`
  const sentAt = now()
  const response = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(3000) }).catch(() => undefined)
  await response?.body?.cancel()
  const receivedAt = now()
  if (response === undefined) {
    return [
      {
        id: 'backend-unreachable',
        what: `The backend does not respond at ${backendUrl}.`,
        fix: [shell(`curl -si ${shellWord(url)}`, { note: 'the log of the backend says why' })],
      },
    ]
  }
  const date = response.headers.get('date')
  if (date === null) return []
  // Its second has begun; it is somewhere within.
  const offset = offsetOf(Date.parse(date) + 500, sentAt, receivedAt)
  if (Math.abs(offset) <= TOLERATED_MS) return []
  return [
    {
      id: 'backend-clock-off',
      what: `This machine's clock is ${describe(offset)} the backend's.`,
      fix: [shell(SET_CLOCK, { note: 'on the machine whose clock is wrong' })],
    },
  ]
}

/** How far this machine is ahead at the least: the other clock was read at some moment in between. */
function offsetOf(at: number, sentAt: number, receivedAt: number): number {
  if (at < sentAt) return sentAt - at
  return at > receivedAt ? receivedAt - at : 0
}

const describe = (offset: number) => `${Math.abs(seconds(offset))} s ${offset > 0 ? 'ahead of' : 'behind'}`
