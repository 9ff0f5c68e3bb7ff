import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { CannotContinue } from '../../dev/src/errors.ts'

/** Lists as `taskset` takes them: what is measured has one core to itself, everything else has the others. */
export type Cores = { measured: string; others: string }

export function chooseCores(): Cores {
  if (!existsSync('/proc/self/status')) throw new CannotContinue('The benchmark needs Linux: it pins and reads /proc.')
  const [, list = ''] = /^Cpus_allowed_list:\s*(\S+)$/m.exec(readFileSync('/proc/self/status', 'utf8')) ?? []
  const [measured, ...others] = list.split(',').flatMap(expand)
  if (measured === undefined || others.length === 0) throw new CannotContinue('The benchmark needs two cores.')
  return { measured: String(measured), others: others.join(',') }
}

/** `2` is 2; `0-3` is 0, 1, 2, 3. */
function expand(range: string): number[] {
  const [first = Number.NaN, last = first] = range.split('-').map(Number)
  return Array.from({ length: last - first + 1 }, (_, index) => first + index)
}

/** Moves a process with all of its threads. What it starts from now on stays there too. */
export function pin(pid: number, cores: string): void {
  execFileSync('taskset', ['--all-tasks', '--cpu-list', '--pid', cores, String(pid)], { stdio: 'ignore' })
}
