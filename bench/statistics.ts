/** The value below which the share `q` of the values lies, between its two neighbours where it falls between them. */
export function quantile(values: Iterable<number>, q: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  const place = (sorted.length - 1) * q
  const [below, above] = [sorted[Math.floor(place)], sorted[Math.ceil(place)]]
  if (below === undefined || above === undefined) throw new Error('No values, no quantile')
  return below + (above - below) * (place - Math.floor(place))
}

/** What was found in several rounds: the middle, and between what the middle half of the rounds lies. */
export type Spread = { median: number; low: number; high: number }

export function spread(values: Iterable<number>): Spread {
  const all = [...values]
  return { median: quantile(all, 0.5), low: quantile(all, 0.25), high: quantile(all, 0.75) }
}

export const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
