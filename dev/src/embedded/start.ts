import type { Account } from '../postgres/account.ts'
import type { Progress } from '../stack.ts'
import type { Basis } from './plan.ts'

export type Start = {
  folder: string
  account: Account
  basis: Basis
  /** PostgreSQL's own settings. */
  postgres: Record<string, string>
  progress: Progress
  signal: AbortSignal
}
