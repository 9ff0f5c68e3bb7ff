import { ExportError } from '../../export-error.ts'
import type { Place, ReadRow } from '../../system.ts'
import { linesOf } from '../lines.ts'
import type { Tables } from '../tables.ts'
import { createEnding } from './ending.ts'
import { createStatements } from './statements.ts'

/** The rows of a dump in SQL: of pg_dump (plain), mysqldump, or sqlite3's .dump. */
export async function* readDump(file: string, pieces: AsyncIterable<string>, tables: Tables): AsyncGenerator<ReadRow> {
  const statements = createStatements(tables)
  const ending = createEnding()
  let place: Place = { file, line: 1 }
  for await (const { first, lines } of linesOf(file, pieces)) {
    for (const [index, line] of lines.entries()) {
      place = { file, line: first + index }
      ending.see(line)
      yield* statements.line(line, place)
    }
  }
  const missing = statements.unfinished() ?? ending.missing()
  if (missing !== undefined)
    throw new ExportError(`the file ends here, ${missing}: it is only a part of the dump`, place)
  statements.refuseUnnamed()
}
