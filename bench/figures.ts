import type { Contenders } from './contenders/contenders.ts'
import type { ClientCost } from './measurements/clients.ts'
import type { Comparison } from './measurements/contenders.ts'
import type { Overload, OverloadCase } from './measurements/overload.ts'
import type { Rate } from './measurements/rates.ts'
import type { Scale } from './measurements/scale.ts'
import type { Starts } from './measurements/starts.ts'

/** All that one run has measured. */
export type Figures = {
  /** Requests per second that the load generator reaches against a server that does nothing. */
  loadLimit: number
  contenders: Record<keyof Contenders, Comparison>
  clients: ClientCost[]
  checks: Record<'ours' | 'sameServer' | 'alone', Rate>
  signIns: Record<'ours' | 'alone', Rate>
  overload: Record<OverloadCase, Overload>
  starts: Starts
  scale: Scale[]
}
