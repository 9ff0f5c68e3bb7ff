import { openBench } from './bench.ts'
import { allContenders } from './contenders/contenders.ts'
import { makeSigningKeys } from './contenders/jwt.ts'
import { measureCache } from './measurements/cache.ts'
import { cacheTables } from './report/cache-tables.ts'
import { toText } from './report/table.ts'
import { signUp } from './users.ts'

/** Start here: what the session cache is worth to quiet processes, and what it costs. In about a minute. Writes no file. */

const bench = openBench()
const user = await signUp(bench.stack.authUrl, bench.stack.origin)
const { control, sidecarBearer } = allContenders({ bench, user, keys: makeSigningKeys(), usersDatabase: '' })
const figures = await measureCache(bench, { control, sidecar: sidecarBearer })
for (const table of cacheTables(figures)) bench.say(toText(table))
bench.close()
