import {
  type Column,
  className,
  type ForeignKey,
  HEADER,
  type Index,
  type Schema,
  snakeCase,
  type Table,
} from './model.ts'

const TYPES: Record<string, { column: string; python: string }> = {
  text: { column: 'Text', python: 'str' },
  boolean: { column: 'Boolean', python: 'bool' },
  timestamptz: { column: 'DateTime(timezone=True)', python: 'datetime' },
  integer: { column: 'Integer', python: 'int' },
  bigint: { column: 'BigInteger', python: 'int' },
  'double precision': { column: 'Double', python: 'float' },
  jsonb: { column: 'JSONB', python: 'Any' },
}
const IMPORTED = [
  'BigInteger',
  'Boolean',
  'Column',
  'DateTime',
  'Double',
  'ForeignKey',
  'Index',
  'Integer',
  'Text',
  'text',
]

export function asSqlAlchemy(schema: Schema): string {
  const body = schema.tables.map((table) =>
    declared(schema, table, (column) => {
      const { python } = typeOf(column)
      const hint = `Mapped[${python}${column.isRequired ? '' : ' | None'}]`
      return `    ${attribute(column)}: ${hint} = mapped_column(${column_(schema, table, column)})`
    }),
  )
  return file({
    body: ['class AuthBase(DeclarativeBase):\n    """Of the tables of the auth server."""\n', ...body],
    base: 'AuthBase',
    imports: ['from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column'],
  })
}

export function asSqlModel(schema: Schema): string {
  const body = schema.tables.map((table) =>
    declared(schema, table, (column) => {
      const { python } = typeOf(column)
      const hint = `${python}${column.isRequired ? '' : ' | None'}`
      const initial = column.isRequired ? '' : 'default=None, '
      const made = `Column(${column_(schema, table, column)}, nullable=${column.isRequired ? 'False' : 'True'})`
      return `    ${attribute(column)}: ${hint} = Field(${initial}sa_column=${made})`
    }),
  )
  return file({ body, base: 'SQLModel, table=True', imports: ['from sqlmodel import Field, SQLModel'] })
}

type File = { body: string[]; base: string; imports: string[] }

function file({ body, base, imports }: File): string {
  const text = body.join('\n\n').replaceAll('(BASE)', `(${base})`)
  const used = (name: string) => new RegExp(`\\b${name}\\b`).test(text)
  return [
    `"""${HEADER.join('\n')}\n"""`,
    '',
    'from datetime import datetime',
    ...(used('Any') ? ['from typing import Any'] : []),
    '',
    `from sqlalchemy import ${IMPORTED.filter(used).join(', ')}`,
    ...(used('JSONB') ? ['from sqlalchemy.dialects.postgresql import JSONB'] : []),
    ...imports,
    '',
    '',
    text,
  ].join('\n')
}

function declared(schema: Schema, table: Table, field: (column: Column) => string): string {
  const inSchema = schema.schema === 'public' ? [] : [`{"schema": ${quoted(schema.schema)}}`]
  const parts = [...table.indexes.map(index), ...inSchema].map((line) => `        ${line},\n`).join('')
  return [
    `class ${className(table.model)}(BASE):`,
    `    __tablename__ = ${quoted(table.name)}`,
    ...(parts === '' ? [] : [`    __table_args__ = (\n${parts}    )`]),
    '',
    ...table.columns.map(field),
    '',
  ].join('\n')
}

/** The arguments of a column, in both. */
function column_({ schema }: Schema, table: Table, column: Column): string {
  const key = table.foreignKeys.find((one) => one.column === column.name)
  return [
    quoted(column.name),
    typeOf(column).column,
    ...(key ? [foreignKey(schema, key)] : []),
    ...(column.name === table.primaryKey ? ['primary_key=True'] : []),
    ...(column.default === undefined ? [] : [`server_default=text(${quoted(plain(column.default))})`]),
  ].join(', ')
}

function foreignKey(schema: string, { table, references, onDelete, name }: ForeignKey): string {
  const target = [...(schema === 'public' ? [] : [schema]), table, references].join('.')
  return `ForeignKey(${quoted(target)}, name=${quoted(name)}, ondelete=${quoted(onDelete.toUpperCase())})`
}

function index({ name, isUnique, isLower, key }: Index): string {
  const columns = isLower ? [`text(${quoted(`lower("${key[0]}")`)})`] : key.map(quoted)
  return `Index(${[quoted(name), ...columns, ...(isUnique ? ['unique=True'] : [])].join(', ')})`
}

const typeOf = ({ type }: Column) => TYPES[type] ?? { column: 'Text', python: 'str' }
/** `search_path` is the application's: what PostgreSQL itself writes has no schema. */
const plain = (value: string) => value.replaceAll('pg_catalog.', '')
const quoted = (value: string) => JSON.stringify(value)

/** Names that SQLAlchemy, SQLModel or Python need for themselves. */
const TAKEN = new Set([
  'metadata',
  'registry',
  'copy',
  'json',
  'dict',
  'schema',
  'class',
  'def',
  'from',
  'import',
  'global',
  'pass',
])

function attribute({ field }: Column): string {
  const name = snakeCase(field)
  return TAKEN.has(name) || name.startsWith('model_') ? `${name}_` : name
}
