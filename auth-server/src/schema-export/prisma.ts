import { type Column, camelCase, className, HEADER, type Index, type Schema, type Table } from './model.ts'

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
  const lines = [
    ...table.columns.map((column) => field(table, column)),
    ...table.foreignKeys.map(
      ({ column, model, references, onDelete, name }) =>
        `${camelCase(fieldOf(table, column)).replace(/Id$/, '')} ${className(model)} @relation(fields: [${fieldOf(table, column)}], references: [${references}], ` +
        `onDelete: ${ACTIONS[onDelete]}, onUpdate: NoAction, map: "${name}")`,
    ),
    ...tables
      .filter(({ foreignKeys }) => foreignKeys.some(({ table: target }) => target === table.name))
      .map(({ model }) => `${camelCase(model)}s ${className(model)}[]`),
    ...table.indexes.filter(({ isLower }) => !isLower).map((index) => indexOf(table, index)),
    `@@map("${table.name}")`,
    ...(schema === 'public' ? [] : [`@@schema("${schema}")`]),
  ]
  return `model ${className(table.model)} {\n${lines.map((line) => `  ${line}\n`).join('')}}\n`
}

function field(table: Table, column: Column): string {
  return [
    column.field,
    `${TYPES[column.type] ?? 'String'}${column.isRequired ? '' : '?'}`,
    ...(column.name === table.primaryKey ? ['@id'] : []),
    ...(column.default === undefined ? [] : [`@default(${defaultOf(column.default)})`]),
    ...(column.name === column.field ? [] : [`@map("${column.name}")`]),
    ...(column.type === 'timestamptz' ? ['@db.Timestamptz(6)'] : []),
  ].join(' ')
}

function defaultOf(value: string): string {
  if (value === 'CURRENT_TIMESTAMP') return 'now()'
  if (value === 'true' || value === 'false' || /^-?\d+(\.\d+)?$/.test(value)) return value
  const [, text] = /^'((?:[^'\\]|'')*)'(?:::(?:jsonb|text))?$/.exec(value) ?? []
  if (text !== undefined) return JSON.stringify(text.replaceAll("''", "'"))
  // As PostgreSQL writes it back: Prisma compares the texts.
  const plain = value.replaceAll('pg_catalog.', '').replace('::timestamptz', '::timestamp with time zone')
  return `dbgenerated(${JSON.stringify(plain)})`
}

function indexOf(table: Table, { name, isUnique, key }: Index): string {
  return `@@${isUnique ? 'unique' : 'index'}([${key.map((column) => fieldOf(table, column)).join(', ')}], map: "${name}")`
}

const fieldOf = (table: Table, name: string) => table.columns.find((column) => column.name === name)?.field ?? name
