import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { repository } from '../dev/src/paths.ts'
import { openBench } from './bench.ts'
import { allContenders } from './contenders/contenders.ts'
import { makeSigningKeys } from './contenders/jwt.ts'
import { measureCache } from './measurements/cache.ts'
import { betterAuthCheck, ourChecks } from './measurements/checks.ts'
import { measureClients } from './measurements/clients.ts'
import { compareContenders } from './measurements/contenders.ts'
import { measureLoadLimit } from './measurements/load-limit.ts'
import { measureOverload } from './measurements/overload.ts'
import { measureRates } from './measurements/rates.ts'
import { hasRoomFor, measureScale } from './measurements/scale.ts'
import { signIns } from './measurements/sign-ins.ts'
import { measureStarts } from './measurements/starts.ts'
import { startBetterAuth, startOurs } from './processes/auth-servers.ts'
import { chart } from './report/chart.ts'
import { readCircumstances } from './report/circumstances.ts'
import { document } from './report/document.ts'
import { toText } from './report/table.ts'
import { tables } from './report/tables.ts'
import { signUp } from './users.ts'

/** Start here: measures everything in docs/benchmarks.md, from top to bottom. */

const begin = performance.now()
const minutes = () => (performance.now() - begin) / 60_000
const bench = openBench()
const { stack, database } = bench
const circumstances = await readCircumstances(bench)
const user = await signUp(stack.authUrl, stack.origin)

bench.begin('the load generator alone')
const loadLimit = await measureLoadLimit(bench)

bench.begin('one route, authenticated in different ways')
const usersDatabase = await database.create('bench_fastapi_users')
const allOfThem = allContenders({ bench, user, keys: makeSigningKeys(), usersDatabase })
const contenders = await compareContenders(bench, allOfThem, { rounds: 15, sliceSeconds: 0.3, warmUpSeconds: 1 })

bench.begin('the session cache of processes with little to do')
const cache = await measureCache(bench, { control: allOfThem.control, sidecar: allOfThem.sidecarBearer })

bench.begin('HTTP clients that call the auth server')
const clients = await measureClients(bench, user, { rounds: 5, calls: 640 })

bench.begin('session checks and sign-ins on the auth server')
const ours = await startOurs(bench)
const betterAuth = await startBetterAuth(bench)
const checks = await measureRates(
  bench,
  { ...ourChecks(bench, ours, user), alone: await betterAuthCheck(bench, betterAuth) },
  { rounds: 10, sliceSeconds: 0.4, warmUpSeconds: 4 },
)
const signInRates = await measureRates(
  bench,
  {
    ours: await signIns(bench, ours, { name: 'auth-server, argon2id 19 MiB/2/1', origin: stack.origin }),
    alone: await signIns(bench, betterAuth, {
      name: 'better-auth alone, scrypt (its default)',
      origin: betterAuth.url,
    }),
  },
  { rounds: 4, sliceSeconds: 2, warmUpSeconds: 10 },
)
await betterAuth.stop()

bench.begin('session checks while users sign in')
const overload = await measureOverload(bench, ours, user, { rounds: 2, seconds: 5 })
await ours.stop()

bench.begin('starts of the auth server')
const starts = await measureStarts(bench, 7)

const largest = 10_000_000
if (!hasRoomFor(largest)) bench.say(`this disk has no room for ${largest} sessions: they are left out`)
bench.begin('session checks among many sessions')
const scale = await measureScale(bench, {
  sizes: [1000, 10_000, 100_000, ...(hasRoomFor(largest) ? [largest] : [])],
  rounds: 10,
  checks: 400,
})

const figures = { loadLimit, contenders, cache, clients, checks, signIns: signInRates, overload, starts, scale }
const all = tables(figures)
for (const table of all) bench.say(toText(table))
const docs = join(repository, 'docs')
const { control, controlAgain, ...compared } = contenders
writeFileSync(join(docs, 'benchmarks.svg'), chart(Object.values(compared)))
writeFileSync(join(docs, 'benchmarks.md'), document({ figures, tables: all, circumstances, minutes: minutes() }))
bench.say(`docs/benchmarks.md and docs/benchmarks.svg are written, after ${minutes().toFixed(1)} minutes`)
bench.close()
