/** Settings of other systems that a .env may hold, and what does their work here. */
export const unused: Record<string, string> = {
  REDIS_URL: 'REDIS_URL is not used: sessions are in PostgreSQL, and each service caches them in its own memory',
  BETTER_AUTH_TRUST_HOST:
    'BETTER_AUTH_TRUST_HOST is not used: PUBLIC_URL names the address, TRUSTED_PROXIES and CLIENT_IP_HEADER the proxy',
}

/** How many letters must be changed, added, dropped or swapped with their neighbour to make one name the other. */
export function distance(one: string, other: string): number {
  let before: number[] = []
  let row = Array.from({ length: other.length + 1 }, (_, index) => index)
  for (let i = 1; i <= one.length; i++) {
    const next = [i]
    for (let j = 1; j <= other.length; j++) {
      const isSame = one[i - 1] === other[j - 1]
      const isSwap = i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1]
      const changed = (row[j - 1] ?? 0) + (isSame ? 0 : 1)
      const swapped = isSwap ? (before[j - 2] ?? 0) + 1 : changed
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, changed, swapped))
    }
    before = row
    row = next
  }
  return row[other.length] ?? 0
}
