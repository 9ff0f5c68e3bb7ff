import type { Bench } from '../bench.ts'
import type { Contender } from '../contenders/contenders.ts'
import { startAll, stopAll } from '../contenders/start.ts'
import type { CacheFigures } from '../figures.ts'
import { probe } from '../load/prober.ts'
import { measureFeed, pongsDuring } from './feed.ts'
import { measureQuiet } from './quiet.ts'
import { measureSignOuts } from './sign-outs.ts'

const ACTIVE = { everyMs: 10, timeoutMs: 5000 }

/** What the session cache is worth, and what it costs. In about a minute. */
export async function measureCache(
  bench: Bench,
  pair: { control: Contender; sidecar: Contender },
): Promise<CacheFigures> {
  const quiet = await measureQuiet(bench, pair, [
    { perSecond: 1, seconds: 20 },
    { perSecond: 10, seconds: 5 },
    { perSecond: 100, seconds: 5 },
  ])
  const { sidecar } = await startAll(bench, { sidecar: pair.sidecar })
  const send = (seconds: number) => probe(sidecar.port, sidecar.request, { ...ACTIVE, seconds })
  await send(2)
  const { pongs } = await pongsDuring(bench, () => send(5))
  const [signOuts] = await Promise.all([measureSignOuts(bench, 40), send(5)])
  await stopAll({ sidecar })
  return { quiet, signOuts, pingsPerSecond: pongs / 5, feed: await measureFeed(bench, [1, 1000], 5) }
}
