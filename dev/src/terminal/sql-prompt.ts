import { createInterface } from 'node:readline'

type Row = Record<string, unknown>

/** For machines without psql: statements up to a semicolon, their rows as a table. */
export async function prompt(first: string, run: (statement: string) => Promise<string>): Promise<void> {
  if (first !== '') return show(first, run)
  const isTerminal = process.stdin.isTTY === true
  if (isTerminal)
    process.stdout.write('psql is not installed: a plain prompt. End a statement with ; and leave with \\q\n')
  const lines = createInterface({ input: process.stdin, output: process.stdout, prompt: 'sql> ', terminal: isTerminal })
  let statement = ''
  if (isTerminal) lines.prompt()
  for await (const line of lines) {
    if (line.trim() === '\\q') break
    statement += `${line}\n`
    if (line.trimEnd().endsWith(';')) {
      await show(statement, run)
      statement = ''
    }
    if (isTerminal) lines.prompt()
  }
}

async function show(statement: string, run: (statement: string) => Promise<string>): Promise<void> {
  try {
    process.stdout.write(table(JSON.parse(await run(statement)) as Row[]))
  } catch (error) {
    process.stdout.write(`ERROR: ${error instanceof Error ? error.message : String(error)}\n`)
  }
}

export function table(rows: Row[]): string {
  const names = Object.keys(rows[0] ?? {})
  const cells = rows.map((row) => names.map((name) => cell(row[name])))
  const widths = names.map((name, index) => Math.max(name.length, ...cells.map((line) => line[index]?.length ?? 0)))
  const draw = (line: string[]) =>
    line
      .map((text, index) => text.padEnd(widths[index] ?? 0))
      .join('  ')
      .trimEnd()
  const lines = names.length > 0 ? [draw(names), ...cells.map(draw)] : []
  return [...lines, `(${rows.length} ${rows.length === 1 ? 'row' : 'rows'})`, ''].join('\n')
}

function cell(value: unknown): string {
  if (value === null || value === undefined) return ''
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}
