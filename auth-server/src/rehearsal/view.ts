import { grouped } from '../importer/progress.ts'
import type { Terminal } from '../importer/terminal.ts'
import type { Copy } from './copy.ts'
import type { Differences } from './differences.ts'
import type { HeldLock } from './locks.ts'

const seconds = (milliseconds: number) => `${(milliseconds / 1000).toFixed(milliseconds < 10_000 ? 2 : 0)} s`

export function showCopy({ say, paint }: Terminal, { name, how }: Copy, milliseconds: number): void {
  say(`${paint.bold('Rehearsal')} on a copy, ${name}\n`)
  say(`  ${paint.bold('Copied')}     ${how}, in ${seconds(milliseconds)}`)
}

export function showMigration({ say, paint }: Terminal, milliseconds: number, locks: readonly HeldLock[]): void {
  say(`  ${paint.bold('Migrated')}   the auth server’s tables, in ${seconds(milliseconds)}`)
  if (locks.length === 0) {
    say(`  ${paint.bold('Locks')}      none that anybody would wait for`)
    return
  }
  say(`\n  ${paint.bold('Locks')} ${paint.dim('until the end of the migration')}`)
  const width = Math.max(...locks.map(({ relation }) => relation.length))
  for (const { relation, mode, blocks, what, milliseconds: held } of locks) {
    say(`    ${relation.padEnd(width)}  ${seconds(held).padStart(7)}  ${blocks} ${paint.dim(`(${mode})`)}`)
    if (what !== '') say(`    ${''.padEnd(width)}  ${''.padEnd(7)}  ${paint.dim(what)}`)
  }
}

const MAX_LINES = 40

export function showDifferences({ say, paint }: Terminal, { added, removed, rows }: Differences): void {
  say(`\n  ${paint.bold('Differences')}`)
  const lines = [...added.map((line) => paint.green(`+ ${line}`)), ...removed.map((line) => paint.red(`- ${line}`))]
  for (const line of lines.slice(0, MAX_LINES)) say(`    ${line}`)
  if (lines.length > MAX_LINES) say(paint.dim(`    and ${lines.length - MAX_LINES} more`))
  if (lines.length === 0) say('    none in the schema')
  if (rows.length === 0) say('    none in the number of rows')
  const width = Math.max(0, ...rows.map(({ table }) => table.length))
  for (const { table, before, after } of rows)
    say(`    rows of ${table.padEnd(width)}  ${grouped(before)} → ${grouped(after)}`)
}
