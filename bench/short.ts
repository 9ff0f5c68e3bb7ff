import { openBench } from './bench.ts'
import { allContenders } from './contenders/contenders.ts'
import { makeSigningKeys } from './contenders/jwt.ts'
import { startAll, stopAll, subjectOf } from './contenders/start.ts'
import { judge } from './gates.ts'
import { ourChecks } from './measurements/checks.ts'
import { measureInTurn } from './measurements/in-turn.ts'
import { startOurs } from './processes/auth-servers.ts'
import { mapValues } from './records.ts'
import { spread } from './statistics.ts'
import { signUp } from './users.ts'

/** Start here: the few ratios of CPU time that every change must keep, in less than a minute. Writes no file. */

const bench = openBench()
const { stack } = bench
const user = await signUp(stack.authUrl, stack.origin)
const plan = { rounds: 15, sliceSeconds: 0.2, warmUpSeconds: 2 }

const { control, sidecarBearer, hs256 } = allContenders({ bench, user, keys: makeSigningKeys(), usersDatabase: '' })
const services = await startAll(bench, { control, sidecarBearer, hs256 })
const routes = await measureInTurn(bench, mapValues(services, subjectOf(bench)), plan)
await stopAll(services)

const authServer = await startOurs(bench)
const checks = await measureInTurn(bench, ourChecks(bench, authServer, user), plan)
await authServer.stop()

/** CPU time for each request by round: of the service, or of another group of processes. */
const cpu = (name: keyof typeof routes, group = 0) => routes[name].map(({ micros }) => micros[group] ?? 0)
const [plain, warm, jwt] = [cpu('control'), cpu('sidecarBearer'), cpu('hs256')]
const less = (values: number[]) => values.map((value, round) => value - (plain[round] ?? 0))
const ratio = (values: number[], others: number[]) => spread(values.map((value, round) => value / (others[round] ?? 0)))
const checkCpu = (name: keyof typeof checks) => checks[name].map(({ micros }) => micros[0] ?? 0)

bench.say('\nRatios of CPU time per request, medians of the rounds:\n')
const isGood = judge(
  [
    { what: "a warm check, against the route's own work", ratio: ratio(less(warm), plain), max: 0.5 },
    { what: 'a warm check, against PyJWT with HS256', ratio: ratio(less(warm), less(jwt)), max: 1 },
    {
      what: "the auth server's part of a warm check, against a check of its own",
      ratio: ratio(cpu('sidecarBearer', 1), checkCpu('ours')),
      max: 0.25,
    },
    {
      what: "/internal/session, against better-auth's get-session",
      ratio: ratio(checkCpu('ours'), checkCpu('sameServer')),
      max: 1 / 3,
    },
  ],
  bench.say,
)
bench.close()
process.exitCode = isGood ? 0 : 1
