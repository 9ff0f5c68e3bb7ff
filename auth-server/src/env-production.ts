type Given = Record<string, string | undefined>

const SECRETS = ['BETTER_AUTH_SECRET', 'INTERNAL_TOKEN']
/** Of at least six letters: shorter words turn up in random secrets. */
const TELLTALE =
  /secret|password|passwd|changeme|change[-_]|default|example|better-?auth|sidecar|insecure|qwerty|placeholder|internal/i

/** What development forgives and production refuses. Works on raw values, so that its errors are reported with the others. */
export function productionErrors(given: Given): string[] {
  const origins = (given.CORS_ORIGIN ?? '').split(',').map((part) => part.trim())
  return [
    ...SECRETS.flatMap((name) => secretWeakness(given[name]).map((why) => `${name} ${why}`)),
    ...when(areEqual(given, SECRETS), 'BETTER_AUTH_SECRET and INTERNAL_TOKEN must differ'),
    ...when(!isHttps(given.PUBLIC_URL), 'PUBLIC_URL must be set to an https URL in production'),
    ...when(given.APP_URL !== undefined && !isHttps(given.APP_URL), 'APP_URL must be an https URL in production'),
    ...when(
      given.CORS_ORIGIN !== undefined && !origins.every(isHttps),
      'CORS_ORIGIN must name https origins in production, without wildcards',
    ),
  ]
}

export function secretWeakness(secret: string | undefined): string[] {
  if (secret === undefined) return []
  if (secret.length < 32) return ['is too short: at least 32 random characters (openssl rand -hex 32)']
  if (TELLTALE.test(secret)) return ['looks like a default or a phrase: use a random one (openssl rand -hex 32)']
  if (isGuessable(secret)) return ['is too regular to be random (openssl rand -hex 32)']
  return []
}

/** Repetition and runs defeat an entropy estimate by letter frequency alone, so they are looked for first. */
function isGuessable(secret: string): boolean {
  return (secret + secret).indexOf(secret, 1) < secret.length || runs(secret) > 0.7 || entropyBits(secret) < 80
}

/** The share of characters that follow their predecessor in the alphabet or repeat it: abcd…, 9876…, aaaa…. */
function runs(secret: string): number {
  const codes = [...secret].map((char) => char.charCodeAt(0))
  const steps = codes.slice(1).filter((code, index) => Math.abs(code - (codes[index] ?? 0)) <= 1)
  return steps.length / (codes.length - 1)
}

/** Shannon's estimate over the whole string; the lowest of a million times 32 random hex digits was 90 bits. */
function entropyBits(secret: string): number {
  const counts = new Map<string, number>()
  for (const char of secret) counts.set(char, (counts.get(char) ?? 0) + 1)
  return [...counts.values()].reduce((bits, count) => bits - count * Math.log2(count / secret.length), 0)
}

const isHttps = (value: string | undefined) => value !== undefined && /^https:\/\/[^*]+$/i.test(value)
const areEqual = (given: Given, [one = '', other = '']: string[]) =>
  given[one] !== undefined && given[one] === given[other]
const when = (condition: boolean, error: string) => (condition ? [error] : [])
