import { createHmac, randomInt } from 'node:crypto'
import { statfsSync } from 'node:fs'
import { localFolder } from '../../dev/src/paths.ts'
import type { Bench } from '../bench.ts'
import type { Target } from '../load/closed-loop.ts'
import { type AuthServer, startOurs } from '../processes/auth-servers.ts'
import { interleave } from '../rounds.ts'
import { quantile, type Spread, spread } from '../statistics.ts'
import { checkRequest } from '../users.ts'
import { makeSessions, tokenOf } from './session-tables.ts'
import { measureSlice } from './slice.ts'

/** Heap and the two indexes of a session and a tenth of a user: measured, plus a reserve. */
const BYTES_PER_SESSION = 500
const WARM_UP = 4000
/** One after the other: the time of a check, not of a queue. */
const IN_FLIGHT = 1

export type Scale = {
  sessions: number
  /** Milliseconds; the median of each round. */
  p50: Spread
  /** Compared with the second size, round by round. */
  relative: Spread
  /** CPU microseconds for each check. */
  server: Spread
  postgres: Spread
}
type Plan = { sizes: [smallest: number, reference: number, ...larger: number[]]; rounds: number; checks: number }
type Sized = { sessions: number; server: AuthServer }

export function hasRoomFor(sessions: number): boolean {
  const { bavail, bsize } = statfsSync(localFolder)
  return bavail * bsize > sessions * BYTES_PER_SESSION
}

/** Checks of random sessions among ever more of them, each number with tables and an auth server of its own. */
export async function measureScale(bench: Bench, { sizes, rounds, checks }: Plan): Promise<Scale[]> {
  const all: Record<string, Sized> = {}
  for (const sessions of sizes) {
    const schema = `bench_${sessions}`
    await makeSessions(bench.database, schema, sessions)
    all[schema] = { sessions, server: await startOurs(bench, schema) }
  }
  // In a server that has just started, code is not compiled yet.
  for (const one of Object.values(all)) await measureSlice(bench, randomTarget(bench, one, WARM_UP), [], WARM_UP)
  const samples = await interleave(all, rounds, (one) => {
    const groups = [() => [one.server.pid], bench.database.processes]
    return measureSlice(bench, randomTarget(bench, one, checks), groups, checks)
  })
  await Promise.all(Object.values(all).map(({ server }) => server.stop()))

  const found = Object.entries(samples).map(([schema, own]) => ({
    sessions: all[schema]?.sessions ?? 0,
    medians: own.map(({ latencies }) => quantile(latencies, 0.5)),
    server: spread(own.map(({ micros }) => micros[0] ?? 0)),
    postgres: spread(own.map(({ micros }) => micros[1] ?? 0)),
  }))
  const reference = found[1]?.medians ?? []
  return found.map(({ medians, ...rest }) => ({
    ...rest,
    p50: spread(medians),
    relative: spread(medians.map((value, round) => value / (reference[round] ?? Number.NaN))),
  }))
}

/** The requests are prepared before the round, because preparing them is not what is measured; enough for the warm-up too. */
function randomTarget({ stack }: Bench, { sessions, server }: Sized, checks: number): Target {
  const requests = Array.from({ length: checks + 2 * IN_FLIGHT }, () => {
    const token = tokenOf(randomInt(sessions), sessions)
    const signature = createHmac('sha256', stack.secret).update(token).digest('base64')
    return checkRequest(stack.internalToken, `${token}.${signature}`)
  })
  const next = () => {
    const bytes = requests.pop()
    if (!bytes) throw new Error('More checks than were prepared')
    return bytes
  }
  return { port: server.internalPort, connections: IN_FLIGHT, next }
}
