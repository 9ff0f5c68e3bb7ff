import type { Figures } from '../figures.ts'
import type { Comparison } from '../measurements/contenders.ts'
import type { Rate } from '../measurements/rates.ts'
import { cacheTables } from './cache-tables.ts'
import { figure, figures, micros, milliseconds, percent } from './format.ts'
import { goalsTable } from './goals.ts'
import type { Table } from './table.ts'

/** Every table of the report, in order. */
export function tables(found: Figures): Table[] {
  return [
    goalsTable(found),
    contendersTable(found),
    ...cacheTables(found.cache),
    clientsTable(found),
    ratesTable({
      title: 'Session checks on the auth server',
      explanation:
        "This project's route for services, next to better-auth's own. The latter is measured twice: in this project's server, where it uses joins, and in a server that runs better-auth alone with its defaults. 16 requests in flight.",
      what: 'checks per second',
      rates: Object.values(found.checks),
    }),
    ratesTable({
      title: 'Sign-ins',
      explanation:
        "`POST /api/auth/sign-in/email`, 4 in flight. The cost of this project's server includes counting attempts in the database and writing a log; better-auth alone does neither. Every sign-in comes from a client address of its own, so that no rate limit applies. Each server has signed users in for 10 s before: until Node has compiled that code, a sign-in costs a quarter more.",
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
    title: 'The same route, authenticated in different ways',
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
      'an ended session is still accepted for',
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
    '**Throughput** is relative to the route without auth in the same round; *by CPU time* compares the CPU time of the service instead, which other processes on the machine disturb less.',
    '**Service**, **auth server** and **PostgreSQL** are the CPU time that these processes spend on each request, in addition to what the route without auth costs them.',
    `That route does almost nothing and costs the service ${figures(serviceMicros)} µs; the longer a route works, the less authentication weighs.`,
    'It is measured twice: the difference between its two rows is noise.',
    'The row without the fast path is auth_sidecar with the bearer token on a route that keeps the handler of FastAPI: the difference is what the [fast path](fast-path.md) gains.',
    'The requests to the route without auth have a bearer token; FastAPI itself parses the cookies of a request, which the row with the cookie pays for.',
    '**p50** and **p99** are latencies of 16 clients that never pause, so they follow from the throughput.',
    'The last column is not measured here: it is what each design promises; for auth_sidecar see [session-cache.md](session-cache.md).',
  ].join(' ')

function clientsTable({ clients }: Figures): Table {
  return {
    title: 'What a cache miss costs the service',
    explanation:
      'CPU time of a Python process for each `GET /internal/session`, 16 in flight, uvloop. The plain connection has no timeouts and no retries: it is the minimum that a client can cost.',
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
    explanation: `${explanation} The server has one core to itself; PostgreSQL and the clients share the others. *… of CPU* is the number for each second of CPU time that the server spends.`,
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
    title: 'Session checks while users sign in',
    explanation:
      'The auth server has one core, hashes one password at a time and lets 32 sign-ins wait. A prober sends a check to `/internal/session` every 10 ms, whether or not earlier checks have their response, and gives up after 1 s as auth_sidecar does. It starts one second after the sign-ins. *Lateness* is the p99 of the prober itself: how late it sent. A refused client gets 503 with `Retry-After: 1`; in the last row all of them ignore it.',
    columns: ['', 'p50', 'p99', 'max', 'failed', 'lateness', 'sign-ins/s', 'refused/s'],
    rows: Object.values(overload).map((one) => [
      one.name,
      milliseconds(one.p50),
      milliseconds(one.p99),
      milliseconds(one.max),
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
    explanation: `From the start of the process to the first 200 at \`/health/ready\`, and its resident memory (10⁶ bytes) at that moment. ${starts.times} starts, one core.`,
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
      'Random sessions, one check after the other. Each number of sessions has its own tables, filled by SQL, with the two indexes that a check reads, and its own auth server; each user has ten sessions. *Relative* compares the medians of a round with those at 10⁴.',
    columns: ['sessions', 'p50', 'relative', 'CPU of the server', 'CPU of PostgreSQL'],
    rows: scale.map(({ sessions, p50, relative, server, postgres }) => [
      figure(sessions),
      milliseconds(p50.median),
      figures(relative),
      micros(server),
      micros(postgres),
    ]),
  }
}
