/** The value below which the share `q` of the values lies, interpolated between two values. */
export function quantile(values: Iterable<number>, q: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  const place = (sorted.length - 1) * q
  const [below, above] = [sorted[Math.floor(place)], sorted[Math.ceil(place)]]
  if (below === undefined || above === undefined) throw new Error('No values, no quantile')
  return below + (above - below) * (place - Math.floor(place))
}

/** Of several rounds: the median and the quartiles. */
export type Spread = { median: number; low: number; high: number }

export function spread(values: Iterable<number>): Spread {
  const all = [...values]
  return { median: quantile(all, 0.5), low: quantile(all, 0.25), high: quantile(all, 0.75) }
}

export const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length

/**
 * The probability of samples at least this different, if both were of one distribution: the test of Kolmogorov and Smirnov, by its limit for
 * many samples.
 */
export function differ(one: readonly number[], other: readonly number[]): number {
  const share = (values: readonly number[], max: number) =>
    values.filter((value) => value <= max).length / values.length
  const distance = Math.max(...[...one, ...other].map((value) => Math.abs(share(one, value) - share(other, value))))
  const size = Math.sqrt((one.length * other.length) / (one.length + other.length))
  const x = (size + 0.12 + 0.11 / size) * distance
  const terms = Array.from({ length: 100 }, (_, index) => (-1) ** index * Math.exp(-2 * (index + 1) ** 2 * x ** 2))
  return Math.min(1, Math.max(0, 2 * terms.reduce((sum, term) => sum + term, 0)))
}
