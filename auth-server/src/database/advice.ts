import { DatabaseError } from 'pg'
import { DatabaseTaskFailed } from './failures.ts'

const OWN_SCHEMA =
  'Where the tables belong to another application, set AUTH_DB_SCHEMA to a schema of its own, for example auth.'
const LOOK_AGAIN = 'The tables changed while they were migrated. Migrate again.'

/** What the operator should do about an SQLSTATE: https://www.postgresql.org/docs/current/errcodes-appendix.html */
const ADVICE: Readonly<Record<string, string>> = {
  '0A000': 'A view or a rule reads a column whose type has to change: drop it, migrate, and create it again.',
  '2BP01': 'Something else depends on this: drop that first, or let it go with CASCADE.',
  '22P02': `A value that is there does not fit the type that is needed. ${OWN_SCHEMA}`,
  '23502': 'Some rows have no value where one is needed: give them one, or delete them, and migrate again.',
  '23503': 'Some rows refer to rows that do not exist: delete them, and migrate again.',
  '23505': 'Some rows share a value that must be unique: keep one of each, and migrate again.',
  '25006': 'This server is read-only: DATABASE_URL_DIRECT must lead to the primary.',
  '3F000': 'The schema does not exist: create it, or correct AUTH_DB_SCHEMA.',
  '42501': `The role of DATABASE_URL_DIRECT lacks a right: it must own the tables (ALTER TABLE … OWNER TO) and may need CREATE on the schema. ${OWN_SCHEMA}`,
  '42703': LOOK_AGAIN,
  '42704': LOOK_AGAIN,
  '42710': LOOK_AGAIN,
  '42804': `Two columns that refer to each other have different types. ${OWN_SCHEMA}`,
  '42P01': LOOK_AGAIN,
  '42P07': `A table or an index of that name was made by something else in this moment. ${OWN_SCHEMA}`,
  '53100': 'The database server has no disk space left.',
  '55P03':
    "Another transaction held a table for 30 seconds. See which: SELECT * FROM pg_stat_activity WHERE state <> 'idle'",
}

/** Says what was being done and what helps. Values of rows stand in the cause's detail only, which nobody prints. */
export async function withAdvice<T>(what: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    const advice = error instanceof DatabaseError && error.code ? ADVICE[error.code] : undefined
    if (advice === undefined) throw error
    throw new DatabaseTaskFailed(what === '' ? advice : `Stopped at: ${what}. Nothing was changed. ${advice}`, error)
  }
}
