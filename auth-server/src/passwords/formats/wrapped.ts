import { readArgon2 } from './argon2.ts'
import { readDigest } from './digests.ts'
import type { StoredHash } from './format.ts'

/** `DIGEST$argon2id$…`: argon2id of a digest, which the database therefore never holds. See digests.ts. */
export function readWrapped(text: string): StoredHash | undefined {
  const begin = text.indexOf('$')
  const digest = readDigest(text.slice(0, begin))
  const argon2 = readArgon2(text.slice(begin))
  if (digest === undefined || typeof argon2 === 'string') return undefined
  return { format: 'wrapped-digest', costMs: argon2.costMs, verify: (password) => argon2.verify(digest(password)) }
}
