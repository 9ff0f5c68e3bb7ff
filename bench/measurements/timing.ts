import { randomInt, randomUUID } from 'node:crypto'
import { createServer, type Server } from 'node:net'
import type { Bench } from '../bench.ts'
import { type Connection, openConnection } from '../load/connection.ts'
import { request } from '../load/request.ts'
import { type Program, start } from '../processes/child.ts'
import { differ, type Spread, spread } from '../statistics.ts'
import { signUp } from '../users.ts'

/** A request that must take as long for an address that has an account as for one that has none. */
export type Question = { name: string; known: Spread; unknown: Spread; samples: number; p: number }

const HEADERS = { 'user-agent': 'bench' }
type Ask = (email: string) => { path: string; body: object; expected?: number }

const QUESTIONS: Readonly<Record<string, Ask>> = {
  'sign-in, wrong password': (email) => ({
    path: 'sign-in/email',
    body: { email, password: 'not the password' },
    expected: 401,
  }),
  'forgotten password': (email) => ({ path: 'request-password-reset', body: { email } }),
  'verification mail': (email) => ({ path: 'send-verification-email', body: { email } }),
  'link and code by mail': (email) => ({ path: 'sign-in/magic-link', body: { email } }),
  'sign-up': (email) => ({ path: 'sign-up/email', body: { email, name: 'Bench', password: 'correct horse battery' } }),
}

type Parts = Pick<Bench, 'stack' | 'database' | 'begin'>

/** Each address once: what an address was asked before changes what it costs. */
export async function measureTiming(
  bench: Parts,
  program: Program,
  port: number,
  samples: number,
): Promise<Question[]> {
  const server = await start(program)
  const connection = await openConnection(port)
  const found: Question[] = []
  for (const [name, ask] of Object.entries(QUESTIONS)) {
    bench.begin(name)
    const known = await addUsers(bench, samples)
    const times = await askInTurn(connection, ask, { known, origin: bench.stack.origin })
    found.push({
      ...{ name, samples, p: differ(times.known, times.unknown) },
      ...{ known: spread(times.known), unknown: spread(times.unknown) },
    })
  }
  connection.close()
  await server.stop()
  return found
}

/** One request at a time, known or not at random: whatever else the machine does hits both alike. */
async function askInTurn(connection: Connection, ask: Ask, { known, origin }: { known: string[]; origin: string }) {
  const times = { known: [] as number[], unknown: [] as number[] }
  for (const email of known) {
    const pair = [['known', email] as const, ['unknown', `${randomUUID()}@example.com`] as const]
    for (const [kind, address] of randomInt(2) === 0 ? pair : pair.toReversed()) {
      const { path, body, expected = 200 } = ask(address)
      const headers = { ...HEADERS, origin, 'x-real-ip': `2001:db8:${randomInt(65_536).toString(16)}::1` }
      const sent = request({ method: 'POST', path: `/api/auth/${path}`, headers, body })
      const begin = performance.now()
      const { status } = await connection.send(sent)
      times[kind].push(performance.now() - begin)
      if (status !== expected) throw new Error(`${path} responded with ${status} instead of ${expected}`)
    }
  }
  return times
}

/** With addresses that are confirmed, and one password. */
async function addUsers({ stack, database }: Parts, count: number): Promise<string[]> {
  const { email } = await signUp(stack.authUrl, stack.origin)
  const prefix = randomUUID()
  await database.sql(`
    INSERT INTO "user" (id, name, email, "emailVerified", "createdAt", "updatedAt")
    SELECT '${prefix}-' || n, 'Bench', '${prefix}-' || n || '@example.com', true, now(), now() FROM generate_series(1, ${count}) n;
    INSERT INTO account (id, "accountId", "providerId", "userId", password, "createdAt", "updatedAt")
    SELECT '${prefix}-' || n, '${prefix}-' || n, 'credential', '${prefix}-' || n, a.password, now(), now()
      FROM generate_series(1, ${count}) n, account a JOIN "user" u ON u.id = a."userId" WHERE u.email = '${email}'`)
  return Array.from({ length: count }, (_, index) => `${prefix}-${index + 1}@example.com`)
}

/** Takes connections and never says a word: a mail server that hangs. */
export async function startHangingMailServer(): Promise<{ url: string; stop: Server['close'] }> {
  const server = createServer((socket) => socket.on('error', () => undefined).unref())
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  server.unref()
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  return { url: `smtp://127.0.0.1:${port}`, stop: server.close.bind(server) }
}
