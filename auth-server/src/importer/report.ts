import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { finished } from 'node:stream/promises'
import type { ClientBase } from 'pg'
import type { Outcome } from './reasons.ts'

export type ReportRow = { line: number; oldId: string; outcome: Outcome; format: string | null; reasons: string[] }

const PAGE_ROWS = 5000

/**
 * One line for each row of the export: where it stands, its old id, what is done with it and why. No address, no name and
 * no hash. For its owner only.
 */
export async function writeReport(client: ClientBase, path: string): Promise<void> {
  const isCsv = path.toLowerCase().endsWith('.csv')
  const file = createWriteStream(path, { mode: 0o600 })
  await once(file, 'open')
  try {
    if (isCsv) file.write('line,old_id,outcome,format,reasons\n')
    for await (const rows of pages(client)) {
      const text = rows.map(isCsv ? csvLine : jsonLine).join('')
      if (!file.write(text)) await once(file, 'drain')
    }
  } finally {
    file.end()
  }
  await finished(file)
}

async function* pages(client: ClientBase): AsyncGenerator<ReportRow[]> {
  for (let after = 0; ; ) {
    const { rows } = await client.query<ReportRow & { n: number; line: string }>({
      name: 'import-report',
      text: `SELECT n, line, old_id AS "oldId", outcome, CASE WHEN password IS NOT NULL THEN format END AS "format", reasons
               FROM pg_temp.import_user WHERE n > $1 ORDER BY n LIMIT ${PAGE_ROWS}`,
      values: [after],
    })
    const last = rows.at(-1)
    if (last === undefined) return
    after = last.n
    yield rows.map((row) => ({ ...row, line: Number(row.line) }))
  }
}

function jsonLine({ line, oldId, outcome, format, reasons }: ReportRow): string {
  return `${JSON.stringify({ line, oldId, outcome, ...(format !== null && { format }), ...(reasons.length > 0 && { reasons }) })}\n`
}

/** RFC 4180; what a spreadsheet would take for a formula gets a quote before it. */
function csvLine({ line, oldId, outcome, format, reasons }: ReportRow): string {
  return `${[String(line), oldId, outcome, format ?? '', reasons.join(' ')].map(csvField).join(',')}\n`
}

function csvField(value: string): string {
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
