import type { CacheFigures } from '../figures.ts'
import { figure, milliseconds, percent } from './format.ts'
import type { Table } from './table.ts'

/** What the session cache is worth to a process with little to do, and what it costs the auth server. */
export function cacheTables({ quiet, signOuts, pingsPerSecond, feed }: CacheFigures): Table[] {
  return [
    {
      title: 'Processes with little to do',
      explanation:
        'One process with the session check and one without, each with so many requests a second, at the same time on the measured core. **CPU** is what the former spends more in a second, whatever it does: requests, pings, timers. *Hit ratio* is the share of requests that asked nobody.',
      columns: ['requests per second', 'hit ratio', 'p50', 'p50 without auth', 'difference', 'CPU in a second'],
      rows: quiet.map(({ perSecond, hitRatio, p50, plainP50, cpuPerSecond }) => [
        figure(perSecond),
        percent(hitRatio),
        milliseconds(p50),
        milliseconds(plainP50),
        milliseconds(p50 - plainP50),
        milliseconds(cpuPerSecond / 1000),
      ]),
    },
    {
      title: 'Sign-outs',
      explanation: `\`POST /api/auth/sign-out\`, ${signOuts.count} of them, one after the other, while a service is connected and uses its lease. *Pings* are those of that service, which gets 100 requests a second.`,
      columns: ['', 'p50', 'p99', 'pings per second'],
      rows: [['sign-out', milliseconds(signOuts.p50), milliseconds(signOuts.p99), figure(pingsPerSecond)]],
    },
    {
      title: 'Connected processes',
      explanation:
        'The CPU time that an auth server and PostgreSQL spend in a second on processes that are connected to the feed, each with one ping a second, and on nothing else.',
      columns: ['processes', 'pings per second', 'CPU of the server', 'CPU of PostgreSQL'],
      rows: feed.map(({ subscribers, pingsPerSecond: pings, server, postgres }) => [
        figure(subscribers),
        figure(pings),
        milliseconds(server / 1000),
        milliseconds(postgres / 1000),
      ]),
    },
  ]
}
