import type { ClientCost } from './measurements/clients.ts'
import type { Comparison } from './measurements/contenders.ts'
import type { Overload } from './measurements/overload.ts'
import type { Rate } from './measurements/rates.ts'
import type { Scale } from './measurements/scale.ts'
import type { Starts } from './measurements/starts.ts'

/** All that one run has measured. */
export type Figures = {
  contenders: Comparison[]
  clients: ClientCost[]
  checks: Rate[]
  signIns: Rate[]
  overload: Overload[]
  starts: Starts
  scale: Scale[]
  /** Requests per second that the load generator reaches against a server that does nothing. */
  loadLimit: number
}
