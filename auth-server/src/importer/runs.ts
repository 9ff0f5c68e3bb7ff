import type { Env } from '../env.ts'
import { withImporter } from './connection.ts'
import { listRuns, type Run } from './ledger.ts'
import { readNames } from './names.ts'
import { grouped } from './progress.ts'
import type { Terminal } from './terminal.ts'

const COLUMNS: [title: string, cell: (run: Run) => string][] = [
  ['Run', ({ run }) => String(run)],
  ['Source', ({ source }) => source],
  ['Begun (UTC)', ({ first }) => first.toISOString().slice(0, 16).replace('T', ' ')],
  ['Users', ({ users }) => grouped(users)],
  ['No password', ({ withoutPassword }) => grouped(withoutPassword)],
  ['Banned', ({ banned }) => grouped(banned)],
  ['Left out', ({ notTaken }) => grouped(notTaken)],
  ['Deleted since', ({ gone }) => grouped(gone)],
]
/** Of the columns: these are words, the others are numbers. */
const WORDS = [1, 2]

/** What was imported so far. */
export async function showRuns({ env, terminal: { say, paint } }: { env: Env; terminal: Terminal }): Promise<number> {
  const runs = await withImporter(env, async (client) => listRuns(client, await readNames(client, env)))
  if (runs.length === 0) {
    say('Nothing was imported yet.')
    return 0
  }
  const rows = runs.map((run) => COLUMNS.map(([, cell]) => cell(run)))
  const titles = COLUMNS.map(([title]) => title)
  const widths = titles.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)))
  const aligned = (row: string[]) =>
    row.map((text, column) =>
      WORDS.includes(column) ? text.padEnd(widths[column] ?? 0) : text.padStart(widths[column] ?? 0),
    )
  say(paint.bold(aligned(titles).join('   ')))
  for (const row of rows) say(aligned(row).join('   '))
  return 0
}
