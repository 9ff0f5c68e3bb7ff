import type { Figures } from '../figures.ts'
import type { Comparison } from '../measurements/contenders.ts'
import type { Rate } from '../measurements/rates.ts'
import { figure, figures, micros, milliseconds, percent } from './format.ts'
import { goalsTable } from './goals.ts'
import type { Table } from './table.ts'

/** Every table of the report, in order. */
export function tables(found: Figures): Table[] {
  return [
    goalsTable(found),
    contendersTable(found),
    clientsTable(found),
    ratesTable({
      title: 'Session checks on the auth server',
      explanation:
        "This project's route for services beside better-auth's own, which is measured twice: in this project's server, where it runs with joins, and in a server that is better-auth alone with its defaults. 16 requests in flight.",
      what: 'checks per second',
      rates: Object.values(found.checks),
    }),
    ratesTable({
      title: 'Sign-ins',
      explanation:
        "`POST /api/auth/sign-in/email`, 4 in flight. What this project's server does besides, such as counting attempts in the database and writing a log, is part of its cost; better-auth alone does neither. Every sign-in comes from an address of its own, so that no rate limit is met.",
      what: 'sign-ins per second',
      rates: Object.values(found.signIns),
    }),
    overloadTable(found),
    startsTable(found),
    scaleTable(found),
  ]
}

function contendersTable({ contenders }: Figures): Table {
  return {
    title: 'The same route, behind different ways to know who is asking',
    explanation: explainContenders(contenders.control),
    columns: [
      '',
      'throughput',
      '… by CPU time',
      'service',
      'auth server',
      'PostgreSQL',
      'p50',
      'p99',
      'an ended session is accepted for',
    ],
    rows: Object.values<Comparison>(contenders).map(({ contender, throughput, throughputByCpu, auth, p50, p99 }) => [
      contender.name,
      figures(throughput),
      figure(throughputByCpu.median),
      `${figures(auth.service)} µs`,
      micros(auth.authServer),
      micros(auth.postgres),
      milliseconds(p50),
      milliseconds(p99),
      contender.staleness,
    ]),
  }
}

const explainContenders = ({ serviceMicros }: Comparison) =>
  [
    'One FastAPI process on one core, 16 requests in flight, all requests of the same length.',
    '**Throughput** is a share of that of the route without auth in the same round; *by CPU time* says the same of the CPU time that the service spends, which neighbours on the machine disturb less.',
    '**Service**, **auth server** and **PostgreSQL** are the CPU time for each request that those processes spend on top of what they spend for the route without auth.',
    `That route does next to nothing, and costs the service ${figures(serviceMicros)} µs: of one that works longer, each way to authenticate leaves a larger share.`,
    'It is there twice: what its two rows differ by is noise.',
    'The row without the fast path is auth_sidecar with the bearer token on a route that keeps the handler of FastAPI: what it costs more is what the [fast path](fast-path.md) gains.',
    'Its requests carry a bearer token; the cookies of a request are taken apart by FastAPI itself, which the row with the cookie pays for.',
    '**p50** and **p99** are those of 16 clients that never pause, so they follow from the throughput.',
    'The last column is not measured here: it is what each design promises, for auth_sidecar see [session-cache.md](session-cache.md).',
  ].join(' ')

function clientsTable({ clients }: Figures): Table {
  return {
    title: 'What a cache miss costs the service',
    explanation:
      'CPU time of a Python process for each `GET /internal/session`, 16 in flight, uvloop. The plain connection has no timeouts and no retries: it is what a client costs at least.',
    columns: ['', 'for each call'],
    rows: clients.map(({ name, micros }) => [name, `${figures(micros)} µs`]),
  }
}

function ratesTable({
  title,
  explanation,
  what,
  rates,
}: {
  title: string
  explanation: string
  what: string
  rates: Rate[]
}): Table {
  return {
    title,
    explanation: `${explanation} The server has one core for itself; PostgreSQL and the clients share the others. *… of CPU* says the same for each second of CPU time that the server spends.`,
    columns: ['', what, '… of CPU', 'CPU of the server', 'CPU of PostgreSQL', 'p50', 'p99'],
    rows: rates.map(({ name, perSecond, server, postgres, p50, p99 }) => [
      name,
      figures(perSecond),
      figure(1e6 / server.median),
      `${figures(server)} µs`,
      micros(postgres),
      milliseconds(p50),
      milliseconds(p99),
    ]),
  }
}

function overloadTable({ overload }: Figures): Table {
  return {
    title: 'Session checks while people sign in',
    explanation:
      'The auth server has one core, hashes one password at a time and lets 64 wait. A prober asks `/internal/session` every 10 ms, whether or not earlier checks are answered, and gives up after 1 s as auth_sidecar does. It begins a second after the crowd has come. *Lateness* is the p99 of the prober itself: how late it sent. Who is refused gets 503 with `Retry-After: 1`; in the last row nobody heeds it.',
    columns: ['', 'p50', 'p99', 'longest', 'failed', 'lateness', 'sign-ins/s', 'refused/s'],
    rows: Object.values(overload).map((one) => [
      one.name,
      milliseconds(one.p50),
      milliseconds(one.p99),
      milliseconds(one.longest),
      percent(one.failed),
      milliseconds(one.lateness),
      figure(one.signInsPerSecond),
      figure(one.refusedPerSecond),
    ]),
  }
}

function startsTable({ starts }: Figures): Table {
  return {
    title: 'Start of the auth server',
    explanation: `From starting the process to the first 200 at \`/health/ready\`, and its resident memory (10⁶ bytes) at that moment. ${starts.times} starts, one core.`,
    columns: ['', 'measured'],
    rows: [
      ['ready after', `${figures(starts.readySeconds)} s`],
      ['memory', `${figures(starts.residentMegabytes)} MB`],
    ],
  }
}

function scaleTable({ scale }: Figures): Table {
  return {
    title: 'Checks among many sessions',
    explanation:
      'Random sessions, one check after the other. Each number of sessions has tables of its own, filled by SQL, with the two indexes that a check reads, and an auth server of its own; ten sessions for each person. *Times as long* compares the medians of a round with those at 10⁴.',
    columns: ['sessions', 'p50', 'times as long', 'CPU of the server', 'CPU of PostgreSQL'],
    rows: scale.map(({ sessions, p50, timesAsLong, server, postgres }) => [
      figure(sessions),
      milliseconds(p50.median),
      figures(timesAsLong),
      micros(server),
      micros(postgres),
    ]),
  }
}
