import type { Figures } from '../figures.ts'
import { quantile } from '../statistics.ts'
import { figure } from './format.ts'
import type { Table } from './table.ts'

type Goal = { what: string; goal: string; measured: string; outcome: 'met' | 'missed' | 'not measured' }

type Limit = { what: string; value: number | undefined; unit: string } & ({ max: number } | { min: number })

/** The project's goals, next to what this run has measured. */
export function goalsTable(figures: Figures): Table {
  const mark = { met: 'met', missed: '**missed**', 'not measured': 'not measured' }
  return {
    title: 'Goals',
    explanation:
      'Medians of this run, next to the goals of the project. The tables below show every figure with its spread.',
    columns: ['', 'goal', 'measured', ''],
    rows: goals(figures).map(({ what, goal, measured, outcome }) => [what, goal, measured, mark[outcome]]),
  }
}

/** CPU microseconds that the service spends less on each request: the median of the rounds. */
function fastPathGain({ sidecarBearer, sidecarWithoutFastPath }: Figures['contenders']): number {
  const fast = sidecarBearer.serviceMicrosByRound
  const gains = sidecarWithoutFastPath.serviceMicrosByRound.map((micros, round) => micros - (fast[round] ?? 0))
  return quantile(gains, 0.5)
}

function goals({ contenders, cache, checks, signIns, overload, starts, scale }: Figures): Goal[] {
  const largest = scale.find(({ sessions }) => sessions === 10_000_000)
  const slowest = cache.quiet.find(({ perSecond }) => perSecond === 1)
  const limits: Limit[] = [
    {
      what: 'auth CPU for each warm request',
      value: contenders.sidecarBearer.auth.service.median,
      max: 12,
      unit: ' µs',
    },
    { what: 'what the fast path gains for each request', value: fastPathGain(contenders), min: 5, unit: ' µs' },
    {
      what: 'throughput, against the route without auth',
      value: contenders.sidecarBearer.throughput.median,
      min: 0.9,
      unit: '',
    },
    { what: 'hit ratio at 1 request a second', value: slowest?.hitRatio, min: 0.99, unit: '' },
    {
      what: 'p50 there, over the route without auth',
      value: slowest && slowest.p50 - slowest.plainP50,
      max: 0.3,
      unit: ' ms',
    },
    { what: 'pings of an active process in a second', value: cache.pingsPerSecond, max: 2, unit: '' },
    { what: "sign-outs' p99", value: cache.signOuts.p99, max: 50, unit: ' ms' },
    { what: 'CPU of the auth server for each check', value: checks.ours.server.median / 1000, max: 0.25, unit: ' ms' },
    { what: 'checks per second and core', value: checks.ours.perSecond.median, min: 4000, unit: '' },
    { what: 'sign-ins per second and core, argon2id', value: signIns.ours.perSecond.median, min: 60, unit: '' },
    { what: "checks' p99 under 8 × sign-in overload", value: overload.waiting.p99, max: 50, unit: ' ms' },
    { what: 'auth server: ready after', value: starts.readySeconds.median, max: 0.6, unit: ' s' },
    { what: 'auth server: memory when ready', value: starts.residentMegabytes.median, max: 90, unit: ' MB' },
    { what: 'a check at 10⁷ sessions, against 10⁴', value: largest?.relative.median, max: 1.2, unit: ' ×' },
  ]
  return limits.map(toGoal)
}

function toGoal(limit: Limit): Goal {
  const { what, value, unit } = limit
  const goal = 'max' in limit ? `≤ ${figure(limit.max)}${unit}` : `≥ ${figure(limit.min)}${unit}`
  if (value === undefined) return { what, goal, measured: '–', outcome: 'not measured' }
  const isMet = 'max' in limit ? value <= limit.max : value >= limit.min
  return { what, goal, measured: `${figure(value)}${unit}`, outcome: isMet ? 'met' : 'missed' }
}
