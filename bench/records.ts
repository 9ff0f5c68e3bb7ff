/** The same names, each with its mapped value. */
export function mapValues<Name extends string, From, To>(
  record: Record<Name, From>,
  map: (value: From, name: Name) => To,
): Record<Name, To> {
  const entries = Object.entries(record) as [Name, From][]
  return Object.fromEntries(entries.map(([name, value]) => [name, map(value, name)])) as Record<Name, To>
}
