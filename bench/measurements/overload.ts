import { setTimeout as sleep } from 'node:timers/promises'
import type { Bench } from '../bench.ts'
import type { Crowd, Outcome } from '../load/crowd.ts'
import { type Probes, probe } from '../load/prober.ts'
import type { AuthServer } from '../processes/auth-servers.ts'
import { gatherCrowd } from '../processes/crowd.ts'
import { mapValues } from '../records.ts'
import { interleave } from '../rounds.ts'
import { mean, quantile } from '../statistics.ts'
import { checkRequest, type User } from '../users.ts'

/** 8 × the 33 places of the hashing queue on one core: one password is hashed at a time, 32 wait. */
const MANY = 260
/** As long as auth_sidecar waits for an response. */
const TIMEOUT_MS = 1000
const PROBE_INTERVAL_MS = 10
/** The crowd starts all at once; the checks are measured after that. */
const SETTLING_MS = 1000

type Case = { name: string } & Pick<Crowd, 'clients' | 'whenRefused'>
export type Overload = {
  name: string
  /** Of the checks, in milliseconds. */
  p50: number
  p99: number
  max: number
  /** The prober's own, p99, in milliseconds. */
  lateness: number
  /** The share of checks that got no 200 in time. */
  failed: number
  signInsPerSecond: number
  refusedPerSecond: number
}

const cases = {
  calm: { name: 'nobody signs in', clients: 0, whenRefused: 'wait' },
  atOnce: { name: '4 sign-ins at once (4 × what is hashed at a time)', clients: 4, whenRefused: 'wait' },
  waiting: { name: `${MANY} clients (8 × the places), refused ones wait`, clients: MANY, whenRefused: 'wait' },
  retrying: { name: `${MANY} clients, refused ones retry at once`, clients: MANY, whenRefused: 'retry' },
} satisfies Record<string, Case>
export type OverloadCase = keyof typeof cases

type Sample = { probes: Probes; crowd: Outcome | undefined }
type Plan = { rounds: number; seconds: number }

/** How long a check takes while users sign in. */
export async function measureOverload(
  bench: Bench,
  server: AuthServer,
  user: User,
  plan: Plan,
): Promise<Record<OverloadCase, Overload>> {
  const { internalToken, origin } = bench.stack
  const check = checkRequest(internalToken, user.bearer)
  const samples = await interleave<OverloadCase, Case, Sample>(cases, plan.rounds, async ({ clients, whenRefused }) => {
    const crowd = { port: server.publicPort, user, origin, clients, whenRefused }
    const endCrowd = clients === 0 ? undefined : await gatherCrowd(crowd)
    await sleep(SETTLING_MS)
    const probing = { everyMs: PROBE_INTERVAL_MS, seconds: plan.seconds, timeoutMs: TIMEOUT_MS }
    const probes = await probe(server.internalPort, check, probing)
    return { probes, crowd: await endCrowd?.() }
  })
  return mapValues(samples, (rounds, key) => {
    const latencies = rounds.flatMap(({ probes }) => probes.latencies)
    const perSecond = (what: 'signedIn' | 'refused') =>
      mean(rounds.map(({ crowd }) => (crowd ? crowd[what] / crowd.seconds : 0)))
    return {
      name: cases[key].name,
      p50: quantile(latencies, 0.5),
      p99: quantile(latencies, 0.99),
      max: quantile(latencies, 1),
      lateness: quantile(
        rounds.flatMap(({ probes }) => probes.lateness),
        0.99,
      ),
      failed: mean(rounds.map(({ probes }) => probes.failed / probes.latencies.length)),
      signInsPerSecond: perSecond('signedIn'),
      refusedPerSecond: perSecond('refused'),
    }
  })
}
