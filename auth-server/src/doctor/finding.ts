import type { Env } from '../env.ts'
import type { Reader } from './reader.ts'

/** `error`: something fails, or is unsafe. `warning`: it will, or is for some users. `info`: good to know. */
export type Severity = 'error' | 'warning' | 'info'

/** Who has to run it: without a name, the role of DATABASE_URL_DIRECT. */
export type Actor = 'superuser' | "owner of the backend's tables"

/**
 * What makes the finding go away, word by word. Several are steps, in their order; `or`: from here on instead of those before. `note`:
 * what has to be known before.
 */
export type Fix = { kind: 'sql' | 'shell'; text: string; as?: Actor; note?: string; or?: true }

/** One row of docs/doctor.md. */
export type Kind = { severity: Severity; why: string }
export type Kinds = Readonly<Record<string, Kind>>

/** `what` names no value of a row: no address, no hash, no secret. */
export type Found<Id extends string = string> = { id: Id; what: string; fix: Fix[] }

export type Given = Readonly<Record<string, string | undefined>>

/** What is looked at. `env` was read by the rules of development where those of production refuse it. */
export type Examined = {
  given: Given
  env: Env
  /** Where the backend is, if somebody said so. */
  backendUrl: string | undefined
  now: () => number
}

export type Check<Id extends string = string> = { name: string } & (
  | { of: 'settings'; run: (given: Given, now: number) => Found<Id>[] }
  | { of: 'network'; run: (examined: Examined) => Promise<Found<Id>[]> }
  | { of: 'database'; run: (reader: Reader, examined: Examined) => Promise<Found<Id>[]> }
)

/** `good`: what is so where nothing was found, in a few words. */
export type Subject = { title: string; good: string; kinds: Kinds; checks: readonly Check[]; isNamed?: true }

/** So that a check finds only what its subject lists. */
export function subject<const K extends Kinds>(given: {
  title: string
  good: string
  kinds: K
  checks: readonly Check<keyof K & string>[]
  /** Its SQL has the names of the database. That of others has those of the code. */
  isNamed?: true
}): Subject {
  return given
}

export const sql = (text: string, more: Omit<Fix, 'kind' | 'text'> = {}): Fix => ({ kind: 'sql', text, ...more })
export const shell = (text: string, more: Omit<Fix, 'kind' | 'text'> = {}): Fix => ({ kind: 'shell', text, ...more })
/** As one word of a shell command. */
export const shellWord = (text: string) => `'${text.replaceAll("'", String.raw`'\''`)}'`
