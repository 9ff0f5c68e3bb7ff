import { getSchema } from 'better-auth/db'
import { Pool } from 'pg'
import { expect, test } from 'vitest'
import { readContract } from '../../test/contract.ts'
import { authOptions } from '../auth/better-auth.ts'
import { readEnv } from '../env.ts'
import { COMPUTED, columnsOf, FIELDS } from './fields.ts'

const TABLES = ['session', 'user'] as const
const TYPES = { string: 'text', boolean: 'boolean', date: 'timestamp' } as const
const IN_JSON = { text: 'string', boolean: 'boolean', timestamp: 'time' } as const

type ContractField = { type: string; nullable: boolean }
const contract = readContract<Record<(typeof TABLES)[number], Record<string, ContractField>>>('identity')

const env = readEnv({
  NODE_ENV: 'development',
  DATABASE_URL: 'postgres://nobody:x@127.0.0.1:1/none',
  BETTER_AUTH_SECRET: 'only-for-tests-6b3a1f0c9d8e7f2a4b5c',
  INTERNAL_TOKEN: 'only-for-tests-internal-77f0a1',
})

/** What better-auth keeps with our options: column, and type in the words of fields.ts. */
function columnsOfBetterAuth(table: (typeof TABLES)[number]): Record<string, string> {
  const { fields = {} } = getSchema(authOptions({ env, pool: new Pool() }))[table] ?? {}
  const columns = Object.entries(fields).map(([column, { type, required }]) => [
    column,
    `${TYPES[type as keyof typeof TYPES]}${required === false ? '?' : ''}`,
  ])
  return { id: 'text', ...Object.fromEntries(columns) }
}

const typesOf = (table: (typeof TABLES)[number]) =>
  Object.fromEntries(columnsOf(table).map(([column, { type }]) => [column, type as string]))

const namesOf = (table: string, columns: object) => Object.keys(columns).map((column) => `${table}.${column}`)

test.each(TABLES)('every column that better-auth keeps of a %s is in fields.ts', (table) => {
  const known = namesOf(table, FIELDS[table])
  const missing = namesOf(table, columnsOfBetterAuth(table)).filter((name) => !known.includes(name))
  expect(missing, 'decide what a session check does with it').toEqual([])
})

test.each(TABLES)('every column of a %s in fields.ts is one that better-auth keeps', (table) => {
  const kept = namesOf(table, columnsOfBetterAuth(table))
  const unknown = namesOf(table, FIELDS[table]).filter((name) => !kept.includes(name))
  expect(unknown, 'is it in auth/better-auth.ts?').toEqual([])
})

test.each(TABLES)('a column of a %s has the type that better-auth gives it', (table) => {
  expect(typesOf(table)).toEqual(columnsOfBetterAuth(table))
})

test.each(TABLES)('what fields.ts returns of a %s is what contract/identity.json says', (table) => {
  const returned = columnsOf(table)
    .filter(([, { use }]) => use === 'returned')
    .map(([name, { type }]) => {
      const base = type.replace('?', '') as keyof typeof IN_JSON
      return [name, { type: IN_JSON[base], nullable: type.endsWith('?') }]
    })
  const { refreshAt: _computed, ...agreed } = contract[table]
  expect(Object.fromEntries(returned)).toEqual(agreed)
})

test('what a check computes comes from columns whose changes are announced', () => {
  const columns = Object.values(COMPUTED).flatMap((sql) => [...sql.matchAll(/\b([su])\."(\w+)"/g)])
  const used = columns.map(([, table, column = '']) => {
    const fields = Object.fromEntries(columnsOf(table === 's' ? 'session' : 'user'))
    return { column, use: fields[column]?.use }
  })
  expect(used.filter(({ use }) => use !== 'read' && use !== 'returned')).toEqual([])
  expect(used.map(({ column }) => column)).toContain('banExpires')
})
