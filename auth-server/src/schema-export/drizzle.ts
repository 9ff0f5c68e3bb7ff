import { type Column, camelCase, HEADER, type Index, type Schema, type Table } from './model.ts'

const TYPES: Record<string, string> = {
  text: 'text(NAME)',
  boolean: 'boolean(NAME)',
  timestamptz: 'timestamp(NAME, { withTimezone: true })',
  integer: 'integer(NAME)',
  bigint: "bigint(NAME, { mode: 'number' })",
  'double precision': 'doublePrecision(NAME)',
  jsonb: 'jsonb(NAME)',
}
const IMPORTED = [
  ...['bigint', 'boolean', 'doublePrecision', 'foreignKey', 'index', 'integer', 'jsonb', 'pgSchema', 'pgTable', 'text'],
  ...['timestamp', 'uniqueIndex'],
]

export function asDrizzle({ schema, tables }: Schema): string {
  const make = schema === 'public' ? 'pgTable' : 'auth.table'
  const own = schema === 'public' ? [] : [`export const auth = pgSchema(${quoted(schema)})\n`]
  const body = [...own, ...tables.map((table) => tableOf(make, table))].join('\n')
  const used = IMPORTED.filter((name) => new RegExp(`\\b${name}\\(`).test(body))
  return [
    ...HEADER.map((line) => `// ${line}`),
    "import { sql } from 'drizzle-orm'",
    `import { ${used.join(', ')} } from 'drizzle-orm/pg-core'`,
    '',
    body,
  ].join('\n')
}

function tableOf(make: string, table: Table): string {
  const columns = table.columns.map((column) => `    ${column.field}: ${columnOf(table, column)},\n`).join('')
  const more = [
    ...table.indexes.map((index) => indexOf(table, index)),
    ...table.foreignKeys.map((key) => keyOf(table, key)),
  ]
  const extra = more.length === 0 ? '' : `  (table) => [\n${more.map((line) => `    ${line},\n`).join('')}  ],\n`
  return `export const ${camelCase(table.model)} = ${make}(\n  ${quoted(table.name)},\n  {\n${columns}  },\n${extra})\n`
}

function columnOf(table: Table, column: Column): string {
  return [
    (TYPES[column.type] ?? 'text(NAME)').replace('NAME', quoted(column.name)),
    ...(column.name === table.primaryKey ? ['.primaryKey()'] : column.isRequired ? ['.notNull()'] : []),
    ...(column.default === undefined ? [] : [`.default(${defaultOf(column.default)})`]),
  ].join('')
}

function defaultOf(value: string): string {
  if (value === 'true' || value === 'false' || /^-?\d+(\.\d+)?$/.test(value)) return value
  if (value === 'CURRENT_TIMESTAMP') return 'sql`CURRENT_TIMESTAMP`'
  return `sql\`${plain(value).replace(/[\\`$]/g, '\\$&')}\``
}

/** As drizzle-kit reads a default back: PostgreSQL adds the cast, and it leaves it out. */
const plain = (value: string) =>
  value.replaceAll('pg_catalog.', '').replace(/::(?:text|timestamptz|numeric|integer|bigint)$/, '')

function indexOf(table: Table, { name, isUnique, isLower, key }: Index): string {
  const columns = key.map((column) => `table.${fieldOf(table, column)}`)
  const on = isLower ? `sql\`lower(\${${columns[0]}})\`` : columns.join(', ')
  return `${isUnique ? 'uniqueIndex' : 'index'}(${quoted(name)}).on(${on})`
}

function keyOf(table: Table, { name, column, model, references, onDelete }: Table['foreignKeys'][number]): string {
  const to = `${camelCase(model)}.${references}`
  return `foreignKey({ name: ${quoted(name)}, columns: [table.${fieldOf(table, column)}], foreignColumns: [${to}] }).onDelete('${onDelete}')`
}

const fieldOf = (table: Table, name: string) => table.columns.find((column) => column.name === name)?.field ?? name
const quoted = (text: string) => `'${text}'`
