import type { Spread } from '../statistics.ts'

/** Three digits are as many as a benchmark on somebody's machine can tell. */
export function figure(value: number): string {
  if (Math.abs(value) >= 100) return String(Math.round(value)).replaceAll(/\B(?=(\d{3})+$)/g, ',')
  return String(Number(value.toPrecision(Math.abs(value) < 1 ? 2 : 3)))
}

/** `12.3 (11.9–13)`: the median of the rounds, and between what the middle half of them lies. */
export function figures({ median, low, high }: Spread): string {
  return `${figure(median)} (${figure(low)}–${figure(high)})`
}

export const percent = (share: number) => `${figure(share * 100)} %`
export const milliseconds = (value: number) => `${figure(value)} ms`
export const micros = ({ median }: Spread) => `${figure(median)} µs`
