import { availableParallelism } from 'node:os'
import { isColourWanted } from '../env.ts'
import { createTerminal } from '../terminal/terminal.ts'
import { type Check, checks } from './checks.ts'

/** Every check runs, whatever the others find: one run names all that has to be fixed. */
const { say, paint } = createTerminal(process.stdout, isColourWanted(process.stdout))
const waiting = [...checks]
let failedCount = 0

async function runNext(): Promise<void> {
  const check = waiting.shift()
  if (!check) return
  await report(check)
  await runNext()
}

async function report(check: Check) {
  const begin = Date.now()
  const { code, output, warning } = await check.run()
  const time = paint.dim(`${((Date.now() - begin) / 1000).toFixed(1)} s`.padStart(7))
  const mark = code === 0 ? (warning ? paint.yellow('!') : paint.green('✓')) : paint.red('✗')
  say(`  ${mark} ${check.name.padEnd(32)}${time}${warning ? `  ${paint.yellow(warning)}` : ''}`)
  if (code === 0) return
  failedCount++
  say(`\n${output.trimEnd().replaceAll(/^/gm, '    ')}\n`)
  if (check.fix) say(`    ${paint.bold(`${check.fix}`)} may fix this.\n`)
}

await Promise.all(Array.from({ length: availableParallelism() }, runNext))
if (failedCount > 0) {
  say(`\n  ${failedCount} of ${checks.length} checks failed.`)
  process.exitCode = 1
}
