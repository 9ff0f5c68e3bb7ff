import { ExportError } from '../export-error.ts'
import type { Input, OpenExport, ReadRow, Settings, System } from '../system.ts'
import { type Source, sizeOf } from './bytes.ts'
import { readCsv } from './csv.ts'
import { formOf } from './form.ts'
import { readJson } from './json.ts'
import { readPostgres } from './postgres.ts'
import { readDump } from './sql/dump.ts'
import { createTables, type Tables } from './tables.ts'
import { textOf } from './text.ts'

type Given = { system: System; inputs: readonly Input[]; settings: Settings; signal: AbortSignal }

/** Opens files or a database, finds out what form they have, and reads them row by row. */
export function openExport({ system, inputs, settings, signal }: Given): OpenExport {
  const tables = createTables(system, settings)
  const meter = { done: 0, total: 0 }

  async function* rows(): AsyncGenerator<ReadRow> {
    for (const input of inputs) if (input.kind === 'file') meter.total += await sizeOf(input.path, input.name)
    for (const input of inputs) {
      if (input.kind === 'database') yield* readDatabase(input.url, tables, signal)
      else yield* readFile({ path: input.path, name: input.name, meter }, input.holds, tables)
    }
  }

  return {
    rows: rows(),
    progress: () => (meter.total === 0 ? undefined : Math.min(1, meter.done / meter.total)),
    usersColumns: tables.usersColumns,
    seen: tables.seen,
  }
}

async function* readFile(source: Source, holds: string, tables: Tables): AsyncGenerator<ReadRow> {
  const file = source.name
  const { form, pieces } = await formOf(file, textOf(source))
  if (form === 'sql') yield* readDump(file, pieces, tables)
  else if (form === 'csv') yield* readCsv({ file, holds, pieces, tables })
  else yield* readJson({ file, holds, form, pieces, tables })
}

const SCHEMES: Record<string, string> = {
  'mysql:': 'a MySQL database is read from a dump: mysqldump --single-transaction --hex-blob DATABASE > dump.sql',
  'mariadb:':
    'a MariaDB database is read from a dump: mariadb-dump --single-transaction --hex-blob DATABASE > dump.sql',
  'mongodb:': 'a MongoDB database is read from a file: mongoexport --collection=users --out=users.ndjson',
  'mongodb+srv:': 'a MongoDB database is read from a file: mongoexport --collection=users --out=users.ndjson',
  'sqlite:': 'a SQLite database is read from a dump: sqlite3 FILE .dump > dump.sql',
}

async function* readDatabase(url: string, tables: Tables, signal: AbortSignal): AsyncGenerator<ReadRow> {
  const scheme = /^[a-z+]+:/i.exec(url)?.[0].toLowerCase() ?? ''
  // SQLAlchemy names its driver: postgresql+asyncpg://
  if (!/^postgres(?:ql)?(?:\+\w+)?:$/.test(scheme)) {
    throw new ExportError(
      SCHEMES[scheme.replace(/\+\w+/, (part) => (part === '+srv' ? part : ''))] ??
        `${scheme} is no database that can be read`,
    )
  }
  yield* readPostgres(url, tables, signal)
}
