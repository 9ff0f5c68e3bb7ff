import { grouped } from './progress.ts'
import { isDecisive, type Outcome, REASONS, type Reason } from './reasons.ts'
import { onOneLine, placeOf } from './references.ts'
import type { Summary } from './summary.ts'
import type { Reference, Seen } from './system.ts'
import type { Terminal } from './terminal.ts'
import type { Undecided } from './undecided.ts'

/** In the order of the table, each with its words. */
const OUTCOMES: Record<Outcome, string> = {
  import: 'imported, with password',
  'import-no-password': 'imported, without password',
  'import-banned': 'imported, banned',
  linked: 'linked to another user',
  updated: 'here already, password renewed',
  known: 'here already',
  skip: 'left out',
  conflict: 'conflict',
}

const WIDTH = 60

/** Outcomes, formats and reasons, aligned. */
export function showSummary(terminal: Terminal, summary: Summary, users: number): void {
  const outcomes = (Object.keys(OUTCOMES) as Outcome[]).filter((outcome) => (summary.outcomes[outcome] ?? 0) > 0)
  const paintOf = (outcome: Outcome) => {
    if (outcome === 'conflict') return terminal.paint.red
    return outcome === 'skip' ? terminal.paint.yellow : (text: string) => text
  }
  table(terminal, 'Users', [
    ...outcomes.map((outcome): Line => [OUTCOMES[outcome], summary.outcomes[outcome] ?? 0, paintOf(outcome)]),
    ['in the export', users, terminal.paint.bold],
  ])
  if (summary.formats.length > 0) {
    table(
      terminal,
      'Passwords',
      summary.formats.map(({ format, users: count }) => [format, count]),
    )
  }
  const of = (outcome: Outcome) => summary.reasons.filter((one) => one.outcome === outcome && isDecisive(one.reason))
  for (const [title, outcome] of [
    ['Conflicts', 'conflict'],
    ['Left out', 'skip'],
  ] as const) {
    if (of(outcome).length > 0)
      table(
        terminal,
        title,
        of(outcome).map(({ reason, users: count }) => [REASONS[reason], count]),
      )
  }
  const remarks = new Map<Reason, number>()
  for (const { reason, outcome, users: count } of summary.reasons) {
    if (outcome !== 'skip' && outcome !== 'conflict') remarks.set(reason, (remarks.get(reason) ?? 0) + count)
  }
  if (remarks.size > 0)
    table(
      terminal,
      'Good to know',
      [...remarks].map(([reason, count]) => [REASONS[reason], count]),
    )
}

type Line = [text: string, count: number, paint?: (text: string) => string]

function table({ say, paint }: Terminal, title: string, lines: readonly Line[]): void {
  const width = Math.max(...lines.map(([, count]) => grouped(count).length))
  say(`\n  ${paint.bold(title)}`)
  for (const [text, count, colour = (plain: string) => plain] of lines) {
    const [first = '', ...more] = wrapped(text, WIDTH)
    say(`    ${colour(`${first.padEnd(WIDTH)}  ${grouped(count).padStart(width)}`)}`)
    for (const part of more) say(`      ${colour(part)}`)
  }
}

/** By words. */
function wrapped(text: string, width: number): string[] {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const last = lines.at(-1)
    if (last !== undefined && `${last} ${word}`.length <= width) lines[lines.length - 1] = `${last} ${word}`
    else lines.push(word)
  }
  return lines
}

const MAX_LISTED = 8

function listed({ say, paint }: Terminal, title: string, all: readonly string[]): void {
  const more = all.length > MAX_LISTED ? `, and ${all.length - MAX_LISTED} more` : ''
  // A name and its number stay on one line.
  const names = all.slice(0, MAX_LISTED).map((name) => onOneLine(name).replaceAll(' ', '\u00a0'))
  const lines = wrapped(`${names.join(', ')}${more}`, WIDTH + 2).map((line) => line.replaceAll('\u00a0', ' '))
  for (const [index, line] of lines.entries()) say(`    ${(index === 0 ? title : '').padEnd(9)}${paint.dim(line)}`)
}

/** What of the export nobody looked at. */
export function showUnread(terminal: Terminal, seen: Seen, columns: readonly string[]): void {
  const tables = seen.tables.filter(({ isRead }) => !isRead).map(({ name, rows }) => `${name} (${grouped(rows)})`)
  if (tables.length === 0 && columns.length === 0) return
  terminal.say(`\n  ${terminal.paint.bold('Not read')}`)
  if (tables.length > 0) listed(terminal, 'tables', tables)
  if (columns.length > 0) listed(terminal, 'columns', columns)
}

export function showReferences(terminal: Terminal, references: readonly Reference[]): void {
  if (references.length === 0) return
  terminal.say(`\n  ${terminal.paint.bold('Columns that point at the old users')}`)
  listed(terminal, 'columns', references.map(placeOf))
  terminal.say(`    ${terminal.paint.dim('Ids stay, so their rows need no change: docs/moving-in.md')}`)
}

export function showUndecided({ say, paint }: Terminal, open: readonly Undecided[]): void {
  if (open.length === 0) return
  say(`\n  ${paint.bold(paint.yellow('To be decided'))}`)
  for (const { what, hows } of open) {
    for (const line of wrapped(what, WIDTH + 8)) say(`    ${line}`)
    for (const [option, effect] of hows) {
      const [first = '', ...more] = wrapped(effect, WIDTH - 14)
      say(`      ${paint.cyan(option.padEnd(22))} ${first}`)
      for (const line of more) say(`      ${''.padEnd(22)} ${line}`)
    }
  }
}
