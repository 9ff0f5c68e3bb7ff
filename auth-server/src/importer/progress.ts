import type { Terminal } from './terminal.ts'

/** A line has to fit into 80 columns: what is wrapped does not replace itself. */
const BAR = 16

/** Begins a part of the work. What it returns is called with what is done, and with its share of the whole if known. */
export function startProgress(terminal: Terminal, name: string): (done: number, share: number | undefined) => void {
  const begin = performance.now()
  return (done, share) => {
    const seconds = Math.max((performance.now() - begin) / 1000, 0.001)
    terminal.progress(`  ${line(terminal, name, { done, share, seconds })}`)
  }
}

type Position = { done: number; share: number | undefined; seconds: number }

function line({ paint }: Terminal, name: string, { done, share, seconds }: Position): string {
  const rate = `${grouped(Math.round(done / seconds))} rows/s`
  if (share === undefined || share <= 0) return `${name.padEnd(9)} ${grouped(done)} rows   ${paint.dim(rate)}`
  const whole = Math.min(share, 1)
  const full = Math.round(whole * BAR)
  const bar = paint.cyan('█'.repeat(full)) + paint.dim('░'.repeat(BAR - full))
  const left = `${duration((seconds / whole) * (1 - whole))} left`
  const percent = `${Math.floor(whole * 100)} %`.padStart(5)
  return `${name.padEnd(9)} ${bar} ${percent}  ${grouped(done)}  ${paint.dim(`${rate}  ${left}`)}`
}

export const grouped = (count: number) => count.toLocaleString('en-US')
export const usersIn = (count: number) => `${grouped(count)} ${count === 1 ? 'user' : 'users'}`

export function duration(seconds: number): string {
  const whole = Math.ceil(seconds)
  return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, '0')} s`
}
