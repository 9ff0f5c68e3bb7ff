import { TABLES } from './tables.ts'

/** What tables and columns are called in the database, by the names that all code uses. Of both only those that differ. */
export type Names = {
  readonly tables: Readonly<Record<string, string>>
  readonly columns: Readonly<Record<string, Readonly<Record<string, string>>>>
  /** Columns of "user" that AUTH_USER_FIELDS adds. */
  readonly added: readonly string[]
  /** The settings, in one line. */
  readonly setting: string
}

export const tableIn = ({ tables }: Pick<Names, 'tables'>, table: string): string => tables[table] ?? table
export const columnIn = ({ columns }: Pick<Names, 'columns'>, table: string, column: string): string =>
  columns[table]?.[column] ?? column

export function isDefault({ tables, columns }: Names): boolean {
  return Object.keys(tables).length + Object.keys(columns).length === 0
}

/** All but `id`. */
export function columnsOf({ added }: Pick<Names, 'added'>, table: string): readonly string[] {
  const columns: readonly string[] = TABLES[table as keyof typeof TABLES] ?? []
  return table === 'user' ? [...columns, ...added] : columns
}
