import { setTimeout as sleep } from 'node:timers/promises'
import type { Bench } from '../bench.ts'
import type { Crowd, Outcome } from '../load/crowd.ts'
import { type Probes, probe } from '../load/prober.ts'
import { checkRequest, type Person } from '../people.ts'
import type { AuthServer } from '../processes/auth-servers.ts'
import { gatherCrowd } from '../processes/crowd.ts'
import { mapValues } from '../records.ts'
import { interleave } from '../rounds.ts'
import { mean, quantile } from '../statistics.ts'

/** On one core: one password is hashed at a time and 64 wait, see auth-server/src/auth/routes.ts. */
const PLACES = 65
/** As long as auth_sidecar waits for an answer. */
const PATIENCE_MS = 1000
const PROBE_EVERY_MS = 10
/** The crowd comes all at once; what is asked is how checks fare while it is there. */
const SETTLING_MS = 1000

type Case = { name: string } & Pick<Crowd, 'clients' | 'whenRefused'>
export type Overload = {
  name: string
  /** Of the checks, in milliseconds. */
  p50: number
  p99: number
  longest: number
  /** The prober's own, p99, in milliseconds. */
  lateness: number
  /** The share of checks that was not answered with 200 in time. */
  failed: number
  signInsPerSecond: number
  refusedPerSecond: number
}

const many = 4 * PLACES
const cases = {
  calm: { name: 'nobody signs in', clients: 0, whenRefused: 'wait' },
  atOnce: { name: '4 sign-ins at once (4 × what is hashed at a time)', clients: 4, whenRefused: 'wait' },
  waiting: { name: `${many} clients (4 × the places), refused ones wait`, clients: many, whenRefused: 'wait' },
  again: { name: `${many} clients, refused ones ask again at once`, clients: many, whenRefused: 'again' },
} satisfies Record<string, Case>
export type OverloadCase = keyof typeof cases

type Sample = { probes: Probes; crowd: Outcome | undefined }
type Plan = { rounds: number; seconds: number }

/** How long a check takes while people sign in. */
export async function measureOverload(
  bench: Bench,
  server: AuthServer,
  person: Person,
  plan: Plan,
): Promise<Record<OverloadCase, Overload>> {
  const { internalToken, origin } = bench.stack
  const check = checkRequest(internalToken, person.bearer)
  const samples = await interleave<OverloadCase, Case, Sample>(cases, plan.rounds, async ({ clients, whenRefused }) => {
    const crowd = { port: server.publicPort, person, origin, clients, whenRefused }
    const sendHome = clients === 0 ? undefined : await gatherCrowd(crowd)
    await sleep(SETTLING_MS)
    const probing = { everyMs: PROBE_EVERY_MS, seconds: plan.seconds, patienceMs: PATIENCE_MS }
    const probes = await probe(server.internalPort, check, probing)
    return { probes, crowd: await sendHome?.() }
  })
  return mapValues(samples, (rounds, key) => {
    const latencies = rounds.flatMap(({ probes }) => probes.latencies)
    const perSecond = (what: 'signedIn' | 'refused') =>
      mean(rounds.map(({ crowd }) => (crowd ? crowd[what] / crowd.seconds : 0)))
    return {
      name: cases[key].name,
      p50: quantile(latencies, 0.5),
      p99: quantile(latencies, 0.99),
      longest: quantile(latencies, 1),
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
