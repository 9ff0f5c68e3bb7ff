export type Table = {
  title: string
  /** Above the table in the document. */
  explanation: string
  columns: string[]
  /** The first cell of a row is its name, the others are figures. */
  rows: string[][]
}

export function toMarkdown({ title, explanation, columns, rows }: Table): string {
  const line = (cells: string[]) => `| ${cells.join(' | ')} |`
  const rule = columns.map((_, index) => (index === 0 ? '---' : '--:'))
  return [`## ${title}`, '', explanation, '', line(columns), line(rule), ...rows.map(line), ''].join('\n')
}

export function toText({ title, columns, rows }: Table): string {
  const widths = columns.map((_, index) => Math.max(...[columns, ...rows].map((row) => row[index]?.length ?? 0)))
  const line = (cells: string[]) =>
    cells
      .map((cell, index) => (index === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[index] ?? 0)))
      .join('  ')
  return `\n${title}\n\n${[columns, ...rows].map((row) => `  ${line(row)}`).join('\n')}\n`
}
