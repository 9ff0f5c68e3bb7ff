import { openBench } from './bench.ts'
import { allContenders } from './contenders/contenders.ts'
import { makeSigningKeys } from './contenders/jwt.ts'
import { checkSubjects } from './measurements/checks.ts'
import { measureClients } from './measurements/clients.ts'
import { compareContenders } from './measurements/contenders.ts'
import { measureOverload } from './measurements/overload.ts'
import { measureRates } from './measurements/rates.ts'
import { measureScale } from './measurements/scale.ts'
import { signInSubjects } from './measurements/sign-ins.ts'
import { measureStarts } from './measurements/starts.ts'
import { signUp } from './people.ts'
import { startBetterAuth, startOurs } from './processes/auth-servers.ts'

const bench = openBench()
const { stack, database } = bench
const person = await signUp(stack.authUrl, stack.origin)
let t = Date.now()
const show = (x: unknown) => {
  bench.say(
    JSON.stringify(x, (_, v) => (typeof v === 'number' ? Math.round(v * 100) / 100 : v)).replaceAll('},{', '},\n{') +
      ` ${(Date.now() - t) / 1000}`,
  )
  t = Date.now()
}
if (!process.argv[2]) {
  await database.sql('CREATE DATABASE bench_fastapi_users')
  const usersDatabase = database.url('bench_fastapi_users').replace('postgresql:', 'postgresql+asyncpg:')
  const all = allContenders({ bench, person, keys: makeSigningKeys(), usersDatabase })
  const found = await compareContenders(bench, Object.values(all), { rounds: 10, sliceSeconds: 0.4 })
  show(found.map((x) => ({ ...x, contender: x.contender.name })))
}
if (!process.argv[2]?.startsWith('o')) {
  show(await measureStarts(bench, 5))
  show(await measureClients(bench, person, { rounds: 5, calls: 800 }))
  const servers = { ours: await startOurs(bench), betterAuth: await startBetterAuth(bench) }
  show(await measureRates(bench, await checkSubjects(bench, servers, person), { rounds: 8, sliceSeconds: 0.5 }))
  show(await measureRates(bench, await signInSubjects(bench, servers, person), { rounds: 3, sliceSeconds: 2 }))
}
const servers = { ours: await startOurs(bench) }
if (process.argv[2] != 'oo') show(await measureOverload(bench, servers.ours, person, { rounds: 2, seconds: 4 }))
await servers.ours.stop()
show(
  await measureScale(bench, {
    sizes: [1000, 10_000, 100_000, +(process.argv[3] ?? 10_000_000)],
    rounds: 8,
    checks: 400,
  }),
)
bench.meter.stop()
