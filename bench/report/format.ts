import type { Spread } from '../statistics.ts'

/** Three digits: more would be noise. */
export function figure(value: number): string {
  const size = Math.abs(value)
  const text = size >= 100 ? grouped(Math.round(size)) : String(Number(size.toPrecision(size < 1 ? 2 : 3)))
  return value < 0 && text !== '0' ? `−${text}` : text
}

const grouped = (whole: number) => String(whole).replaceAll(/\B(?=(\d{3})+$)/g, ',')

/** `12.3 (11.9 to 13)`: the median of the rounds, and the quartiles. */
export function figures({ median, low, high }: Spread): string {
  return `${figure(median)} (${figure(low)} to ${figure(high)})`
}

export const percent = (share: number) => `${figure(share * 100)} %`
export const milliseconds = (value: number) => `${figure(value)} ms`
/** Less than a tenth of a microsecond cannot be told from nothing. */
export const micros = ({ median }: Spread) => `${Math.abs(median) < 0.1 ? '0' : figure(median)} µs`
