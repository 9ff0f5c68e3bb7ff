import type { BetterAuthOptions } from 'better-auth'
import { type Comparison, columnDefault, columnType } from '../database/schema/ddl.ts'
import type { NeededColumn, NeededForeignKey, NeededIndex, NeededTable } from '../database/schema/needed.ts'
import type { Env } from '../env.ts'
import { neededSchema } from '../migrations/expected.ts'

/** A table as `migrate` makes it, for whoever writes it down in another language. */
export type Table = Pick<NeededTable, 'name' | 'model' | 'primaryKey' | 'indexes'> & {
  columns: readonly Column[]
  foreignKeys: readonly ForeignKey[]
}
export type Column = Pick<NeededColumn, 'name' | 'field' | 'kind' | 'isRequired'> & {
  type: string
  default: string | undefined
}
export type ForeignKey = NeededForeignKey & { model: string }
export type Index = NeededIndex
export type Schema = { schema: string; tables: readonly Table[] }

/** All tables of these settings, as on a new database: those that another refers to come first. */
export function exportedSchema(options: BetterAuthOptions, env: Env): Schema {
  const comparison = emptyComparison(options, env)
  const modelOf = (name: string) => comparison.needed.find((table) => table.name === name)?.model ?? name
  const tables = comparison.needed.map(({ name, model, primaryKey, indexes, ...table }) => ({
    ...{ name, model, primaryKey, indexes },
    columns: table.columns.map(({ isRequired, field, kind, ...column }) => {
      const type = columnType(
        comparison,
        { name, model, primaryKey, indexes, ...table },
        { isRequired, field, kind, ...column },
      )
      const value = columnDefault({ isRequired, field, kind, ...column }, type)
      return { name: column.name, field, kind, isRequired, type, default: value }
    }),
    foreignKeys: table.foreignKeys.map((key) => ({
      ...key,
      model: modelOf(key.table),
    })),
  }))
  return { schema: env.AUTH_DB_SCHEMA, tables }
}

/** With a database that has nothing. */
export function emptyComparison(options: BetterAuthOptions, env: Env): Comparison {
  return { ...neededSchema(options, env), formerNames: [], timeZones: [], found: NOTHING }
}

const NOTHING: Comparison['found'] = {
  role: '',
  schemaExists: true,
  mayCreate: true,
  tables: [],
  relations: [],
  functionBody: null,
}

/** audit_event: AuditEvent. */
export const className = (model: string) =>
  words(model)
    .map((word) => word[0]?.toUpperCase() + word.slice(1))
    .join('')
/** emailVerified: email_verified. */
export const snakeCase = (name: string) => words(name).join('_')
export const camelCase = (name: string) =>
  words(name)
    .map((word, index) => (index === 0 ? word : word[0]?.toUpperCase() + word.slice(1)))
    .join('')

const words = (name: string) =>
  name
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .split('_')
    .filter((word) => word !== '')

/** What each column is called in another language: as `say` has it, and longer where that is taken. */
export function named(columns: readonly Column[], isTaken: (name: string) => boolean, say: (field: string) => string) {
  const used = new Map<string, string>()
  for (const { field, name } of columns) {
    const said = say(field)
    let own = /^[A-Za-z]/.test(said) ? said : `field_${said}`
    while (isTaken(own) || used.has(own)) own += '_'
    used.set(own, name)
  }
  return new Map([...used].map(([own, name]) => [name, own]))
}

export const HEADER = [
  'The tables of the auth server, by the settings that it has: `auth-server schema export` wrote them. Its `migrate` makes and',
  'changes them, nothing else may. Export them again when the settings or the version change.',
]
