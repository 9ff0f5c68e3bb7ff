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
