import type { Figures } from '../figures.ts'
import type { Circumstances } from './circumstances.ts'
import { figure } from './format.ts'
import { type Table, toMarkdown } from './table.ts'

type Parts = { figures: Figures; tables: Table[]; circumstances: Circumstances; minutes: number }

/** The whole docs/benchmarks.md. */
export function document({ figures, tables, circumstances, minutes }: Parts): string {
  const { machine, load, versions, date } = circumstances
  return `# Benchmarks

*Written by \`make bench\` on ${date}, in ${figure(minutes)} minutes. Do not edit.*

![CPU time that authentication costs for each request, as bars](benchmarks.svg)

${tables.map(toMarkdown).join('\n')}
## How it is measured

- **Machine**: ${machine}. Load averages before the run, 1, 5 and 15 minutes: ${load}.
- **Versions**: ${versions}.
- **Cores**: what is measured has one core to itself. The load generator, PostgreSQL and everything else share the others.
- **Rounds**: everything in one table is measured in turn, in many rounds, every second round in reverse order. Ratios compare two
  measurements of the same round. A figure is the median of the rounds, with the quartiles in brackets.
- **CPU time** is the user and system time of whole processes, from the kernel's clock of each process, in nanoseconds.
- **Load** is prepared bytes on bare sockets that stay connected; every response is read to its end and must be a 200. Against a
  server that does nothing, the generator reaches ${figure(figures.loadLimit)} requests per second.
- **Contenders** are in \`bench/services/\`: one file each, the same route and the same response. They run on uvicorn with uvloop and
  httptools, one process, without an access log. fastapi-users has its own database on the same PostgreSQL and a pool of 20 connections.
- **Rate limits**: none applies, and none is switched off for this. This project exempts get-session, better-auth limits only in production,
  and sign-ins come from many client addresses.
- **The auth server** runs with its defaults and logs every request; the log is discarded.
- **PostgreSQL** is the throw-away one of the tests: real, but with \`fsync\` off.
`
}
