import {
  type Column,
  className,
  type ForeignKey,
  HEADER,
  type Index,
  named,
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
      return `${hint} = mapped_column(${column_(schema, table, column)})`
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
      return `${hint} = Field(${initial}sa_column=${made})`
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
  const attributes = attributesOf(table)
  const parts = [...table.indexes.map(index), ...inSchema].map((line) => `        ${line},\n`).join('')
  return [
    `class ${className(table.model)}(BASE):`,
    `    __tablename__ = ${quoted(table.name)}`,
    ...(parts === '' ? [] : [`    __table_args__ = (\n${parts}    )`]),
    '',
    ...table.columns.map((column) => `    ${attributes.get(column.name)}: ${field(column)}`),
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
    ...(column.default === undefined ? [] : [`server_default=text(${quoted(escaped(plain(column.default)))})`]),
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
/** A colon before a word would be a parameter of text(). */
const escaped = (value: string) => value.replace(/(?<!:):(?=\w)/g, '\\:')
const quoted = (value: string) => JSON.stringify(value)

/** Of Python, SQLAlchemy and SQLModel, and what the columns after it are written with. */
const TAKEN = new Set(
  [
    'and as assert async await break class continue def del elif else except finally for from global if import in is',
    'lambda nonlocal not or pass raise return try while with yield',
    'metadata registry copy json dict schema construct validate from_orm parse_file parse_obj parse_raw schema_json',
    'sqlmodel_update update_forward_refs',
    'text datetime mapped_column str int float bool',
  ].flatMap((line) => line.split(' ')),
)
const isTaken = (name: string) => TAKEN.has(name) || name.startsWith('model_')
const attributesOf = ({ columns }: Table) => named(columns, isTaken, snakeCase)
