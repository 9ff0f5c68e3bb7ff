import { tableIn } from '../naming/names.ts'
import type { Comparison } from './ddl.ts'
import { INSPECTION } from './inspection-query.ts'

export type FoundColumn = {
  name: string
  /** As in pg_type, under its domain; of another schema than pg_catalog: qualified. */
  type: string
  /** As SQL writes it, with its length or precision. */
  written: string
  /** Of varchar(n) and char(n). */
  length: number | null
  isNullable: boolean
  default: string | null
  isIdentity: boolean
  isGenerated: boolean
}

export type FoundIndex = {
  name: string
  isPrimary: boolean
  isUnique: boolean
  /** Built to the end, over all rows. */
  isWhole: boolean
  method: string
  /** A column's name, or an expression where the column is null. */
  key: { column: string | null; expression: string }[]
  /** Only a constraint's index may go by ALTER TABLE … DROP CONSTRAINT. */
  constraint: string | null
}

export type FoundForeignKey = {
  name: string
  columns: string[]
  schema: string
  table: string
  references: string[]
  /** pg_constraint.confdeltype: c is CASCADE. */
  onDelete: string
  isValid: boolean
}

export type FoundTrigger = {
  name: string
  isAlways: boolean
  functionSchema: string
  function: string
  comment: string | null
}

export type FoundTable = {
  name: string
  /** pg_class.relkind: r is an ordinary table. */
  kind: string
  owner: string
  isOwned: boolean
  isWritable: boolean
  isLogged: boolean
  hidesRows: boolean
  rules: readonly string[]
  hasChildren: boolean
  columns: FoundColumn[]
  indexes: FoundIndex[]
  foreignKeys: FoundForeignKey[]
  triggers: FoundTrigger[]
}

/** What stands in the schema of the auth tables. */
export type Found = {
  role: string
  schemaExists: boolean
  mayCreate: boolean
  /** Those that are needed, and those of a similar name. */
  tables: FoundTable[]
  /** Names that a new table or index cannot have. */
  relations: string[]
  /** Of the function that the triggers call. */
  functionBody: string | null
}

type Query = (query: { text: string; values: unknown[] }) => Promise<{ rows: { found: Found }[] }>

type Sought = Pick<Comparison, 'schema' | 'needed' | 'triggers'> & Partial<Pick<Comparison, 'formerNames'>>

/** One round trip; a few milliseconds. Needs no right to the tables. */
export async function inspect(query: Query, { schema, needed, triggers, formerNames = [] }: Sought): Promise<Found> {
  const names = needed.map(({ name }) => name)
  const models = needed.map(({ model }) => model)
  const former = formerNames.flatMap((one) => models.map((model) => tableIn(one, model)))
  const similar = similarNames([...names, ...models, ...former])
  const { rows } = await query({ text: INSPECTION, values: [schema, names, similar, triggers.function] })
  if (!rows[0]) throw new Error('the inspection of the schema returned no row')
  return rows[0].found
}

/** user: also User, USER, users, Users: what Prisma, Drizzle and better-auth's own options make of it. */
function similarNames(names: readonly string[]): string[] {
  return names.flatMap((name) => [name.toLowerCase(), `${name.toLowerCase()}s`])
}
