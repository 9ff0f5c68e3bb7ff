import { columnIn, tableIn } from '../naming/names.ts'
import { type Comparison, foundTable, qualified } from './ddl.ts'
import type { Note, Repair } from './findings.ts'

/**
 * Rows that other tools and older data migrations write and that cannot sign in. Not part of readiness: nothing breaks
 * but those sign-ins. `counts`: how many there are; a repair of none is left out. Its SQL has the names of the code.
 */
export type RowRepair = Repair & { counts: string }
export type RowNote = Note & { counts: string }

export function compareRows(comparison: Comparison): (RowRepair | RowNote)[] {
  return [...lowerCase(comparison), ...accountIds(comparison)]
}

/** better-auth looks addresses up in lower case, so a row with capitals never signs in. */
function lowerCase(comparison: Comparison): RowRepair[] {
  if (!hasColumns(comparison, 'user', ['email'])) return []
  const where = 'WHERE "email" <> pg_catalog.lower("email"::pg_catalog.text)'
  const table = qualified(comparison, 'user')
  return [
    {
      ...rowRepair('user', 'e-mail addresses with capitals can never sign in: they become lower-case'),
      sql: [`UPDATE ${table} SET "email" = pg_catalog.lower("email"::pg_catalog.text) ${where}`],
      counts: `SELECT pg_catalog.count(*)::pg_catalog.int4 AS "rows" FROM ${table} ${where}`,
    },
  ]
}

/**
 * better-auth finds a password by `"accountId" = "userId"`; older documents put the address there. Only where a user has
 * one credential row. In two steps: one statement would meet the unique key where two rows swap their values.
 */
function accountIds(comparison: Comparison): (RowRepair | RowNote)[] {
  if (!hasColumns(comparison, 'account', ['id', 'accountId', 'providerId', 'userId'])) return []
  const table = qualified(comparison, 'account')
  const isOther = `a."providerId" = 'credential' AND a."accountId"::pg_catalog.text <> a."userId"::pg_catalog.text`
  const another = (condition: string) =>
    `EXISTS (SELECT FROM ${table} b WHERE b."providerId" = 'credential' AND b."id" <> a."id" AND ${condition})`
  const isOnly = `NOT ${another('b."userId" = a."userId"')}`
  // Held by a user with several rows, which stay as they are.
  const isFree = `NOT ${another(
    `b."accountId"::pg_catalog.text = a."userId"::pg_catalog.text AND EXISTS (SELECT FROM ${table} c
       WHERE c."providerId" = 'credential' AND c."userId" = b."userId" AND c."id" <> b."id")`,
  )}`
  const isRepairable = `${isOther} AND ${isOnly} AND ${isFree}`
  const count = (where: string) =>
    `SELECT pg_catalog.count(*)::pg_catalog.int4 AS "rows" FROM ${table} a WHERE ${where}`
  return [
    {
      ...rowRepair('account', 'credential rows whose "accountId" is not the user\'s id: it becomes the user\'s id'),
      sql: [
        `UPDATE ${table} a SET "accountId" = 'repair:' || a."id"::pg_catalog.text WHERE ${isRepairable}`,
        `UPDATE ${table} SET "accountId" = "userId"::pg_catalog.text
           WHERE "providerId" = 'credential' AND "accountId" = 'repair:' || "id"::pg_catalog.text`,
      ],
      counts: count(isRepairable),
    },
    {
      kind: 'note',
      table: 'account',
      what: 'some users have several credential rows, or another user\'s row has their id as "accountId": those stay as they are',
      counts: count(`${isOther} AND NOT (${isOnly} AND ${isFree})`),
    },
  ]
}

function rowRepair(table: string, what: string): Omit<Repair, 'sql'> {
  return { kind: 'repair', phase: 'row', table, what, breaks: false }
}

function hasColumns(comparison: Comparison, table: string, names: string[]): boolean {
  const columns = foundTable(comparison, tableIn(comparison.names, table))?.columns ?? []
  return names.every((name) => columns.some((column) => column.name === columnIn(comparison.names, table, name)))
}
