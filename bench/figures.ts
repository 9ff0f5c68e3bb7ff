import type { Contenders } from './contenders/contenders.ts'
import type { ClientCost } from './measurements/clients.ts'
import type { Comparison } from './measurements/contenders.ts'
import type { FeedLoad } from './measurements/feed.ts'
import type { Overload, OverloadCase } from './measurements/overload.ts'
import type { Quiet } from './measurements/quiet.ts'
import type { Rate } from './measurements/rates.ts'
import type { Scale } from './measurements/scale.ts'
import type { SignOuts } from './measurements/sign-outs.ts'
import type { Starts } from './measurements/starts.ts'

/** About the session cache, besides what a warm request costs. */
export type CacheFigures = {
  quiet: Quiet[]
  signOuts: SignOuts
  /** Of an active process. */
  pingsPerSecond: number
  feed: FeedLoad[]
}

/** All that one run has measured. */
export type Figures = {
  /** Requests per second that the load generator reaches against a server that does nothing. */
  loadLimit: number
  contenders: Record<keyof Contenders, Comparison>
  cache: CacheFigures
  clients: ClientCost[]
  checks: Record<'ours' | 'sameServer' | 'alone', Rate>
  signIns: Record<'ours' | 'alone', Rate>
  overload: Record<OverloadCase, Overload>
  starts: Starts
  scale: Scale[]
}
