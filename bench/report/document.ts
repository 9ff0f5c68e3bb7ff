import type { Figures } from '../figures.ts'
import type { Circumstances } from './circumstances.ts'
import { figure } from './format.ts'
import { type Table, toMarkdown } from './table.ts'

type Parts = { figures: Figures; tables: Table[]; circumstances: Circumstances; minutes: number }

/** docs/benchmarks.md, whole. */
export function document({ figures, tables, circumstances, minutes }: Parts): string {
  const { machine, load, versions, date } = circumstances
  return `# Benchmarks

*Written by \`make bench\` on ${date}, in ${figure(minutes)} minutes. Not to be changed by hand.*

![CPU time that authentication costs for each request, as bars](benchmarks.svg)

${tables.map(toMarkdown).join('\n')}
## How it is measured

- **Machine**: ${machine}. Load averages before the run, 1, 5 and 15 minutes: ${load}.
- **Versions**: ${versions}.
- **Cores**: what is measured has one core for itself. The load generator, PostgreSQL and whatever else takes part share the others.
- **Rounds**: everything in one table is measured in turn, many times over, every second round backwards. Ratios compare two
  measurements of the same round. A figure is the median of the rounds, in brackets stand the quartiles.
- **CPU time** is user and system time of whole processes, by the clocks that the kernel keeps for them, in nanoseconds.
- **Load** comes from prepared bytes on bare sockets that stay connected; every answer is read to its end and must be a 200. Against a
  server that does nothing the generator reaches ${figure(figures.loadLimit)} requests per second.
- **Contenders** are in \`bench/services/\`: one file each, the same route and the same answer. They run on uvicorn with uvloop and
  httptools, one process, without an access log. fastapi-users has a database of its own on the same PostgreSQL and a pool of 20 connections.
- **Rate limits**: none is met, and none is switched off for this. This project exempts get-session, better-auth limits only in production,
  and sign-ins come from many addresses.
- **The auth server** runs with its defaults and logs every request, to nowhere.
- PostgreSQL is the throw-away one of the tests: real, but with \`fsync\` off.
`
}
