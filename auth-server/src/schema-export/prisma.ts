import { type Column, camelCase, className, HEADER, type Index, named, type Schema, type Table } from './model.ts'

const TYPES: Record<string, string> = {
  text: 'String',
  boolean: 'Boolean',
  timestamptz: 'DateTime',
  integer: 'Int',
  bigint: 'BigInt',
  'double precision': 'Float',
  jsonb: 'Json',
}
const ACTIONS = {
  cascade: 'Cascade',
  restrict: 'Restrict',
  'no action': 'NoAction',
  'set null': 'SetNull',
  'set default': 'SetDefault',
}

/** Models for a schema of one's own. Prisma has no words for the index on lower(email), and leaves such indexes alone. */
export function asPrisma({ schema, tables }: Schema): string {
  const note = schema === 'public' ? [] : [`The datasource needs schemas = ["public", "${schema}"].`]
  const header = [...HEADER, ...note].map((line) => `// ${line}`)
  return [...header, '', ...tables.map((table) => modelOf(schema, table, tables))].join('\n')
}

function modelOf(schema: string, table: Table, tables: readonly Table[]): string {
  const own = table.foreignKeys.map((key) => ({ ...key, relation: relationOf(table, key) }))
  const others = tables
    .filter(({ foreignKeys }) => foreignKeys.some(({ table: target }) => target === table.name))
    .map(({ model }) => ({ model, relation: `${camelCase(model)}s` }))
  const relations = [...own, ...others].map(({ relation }) => relation)
  const names = named(table.columns, (name) => relations.includes(name), letterFirst)
  const lines = [
    ...table.columns.map((column) => field(table, column, names)),
    ...own.map(
      ({ column, model, references, onDelete, name, relation }) =>
        `${relation} ${className(model)} @relation(fields: [${names.get(column)}], references: [${references}], ` +
        `onDelete: ${ACTIONS[onDelete]}, onUpdate: NoAction, map: "${name}")`,
    ),
    ...others.map(({ model, relation }) => `${relation} ${className(model)}[]`),
    ...table.indexes.filter(({ isLower }) => !isLower).map((index) => indexOf(index, names)),
    `@@map("${table.name}")`,
    ...(schema === 'public' ? [] : [`@@schema("${schema}")`]),
  ]
  return `model ${className(table.model)} {\n${lines.map((line) => `  ${line}\n`).join('')}}\n`
}

const relationOf = (table: Table, { column }: Table['foreignKeys'][number]) =>
  camelCase(fieldOf(table, column)).replace(/Id$/, '')
/** A field begins with a letter. */
const letterFirst = (name: string) => name.replace(/^_+/, '')

type Names = ReadonlyMap<string, string>

function field(table: Table, column: Column, names: Names): string {
  const name = names.get(column.name) ?? column.field
  return [
    name,
    `${TYPES[column.type] ?? 'String'}${column.isRequired ? '' : '?'}`,
    ...(column.name === table.primaryKey ? ['@id'] : []),
    ...(column.default === undefined ? [] : [`@default(${defaultOf(column.default)})`]),
    ...(column.name === name ? [] : [`@map("${column.name}")`]),
    ...(column.type === 'timestamptz' ? ['@db.Timestamptz(6)'] : []),
  ].join(' ')
}

function defaultOf(value: string): string {
  if (value === 'CURRENT_TIMESTAMP') return 'now()'
  if (value === 'true' || value === 'false' || /^\d+(\.\d+)?$/.test(value)) return value
  const [, number] = /^'([-\d.]+)'::(?:numeric|integer|bigint)$/.exec(value) ?? []
  if (number !== undefined) return number
  const [, text] = /^'((?:[^']|'')*)'(?:::(?:jsonb|text))?$/.exec(value) ?? []
  if (text !== undefined) return JSON.stringify(text.replaceAll("''", "'"))
  // As PostgreSQL writes it back: Prisma compares the texts.
  const plain = value.replaceAll('pg_catalog.', '').replace('::timestamptz', '::timestamp with time zone')
  return `dbgenerated(${JSON.stringify(plain)})`
}

function indexOf({ name, isUnique, key }: Index, names: Names): string {
  return `@@${isUnique ? 'unique' : 'index'}([${key.map((column) => names.get(column)).join(', ')}], map: "${name}")`
}

const fieldOf = (table: Table, name: string) => table.columns.find((column) => column.name === name)?.field ?? name
