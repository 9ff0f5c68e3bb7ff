import { createHmac } from 'node:crypto'
import { INTEGER } from '../limits.ts'
import { readBcrypt } from './bcrypt.ts'
import { type StoredHash, utf8 } from './format.ts'
import { readFirebase } from './scrypt.ts'

/** Secrets of older systems by their number, from LEGACY_KEY_1 on: in the environment, never in a row. */
export type LegacyKeys = ReadonlyMap<string, string>

type ReadInner = (text: string) => StoredHash | undefined

/**
 * What was hashed with a secret of the old system. The row names the key by its number: `1:` before the rest. Without the
 * key it is nobody's password.
 */
export function readKeyed(
  scheme: string,
  text: string,
  keys: LegacyKeys,
  readInner: ReadInner,
): StoredHash | undefined {
  const [, number = '', rest = ''] = /^([1-9]):(.*)$/s.exec(text) ?? []
  const key = keys.get(number)
  if (key === undefined) return undefined
  if (scheme === 'flask-security') return readFlaskSecurity(rest, key, readInner)
  if (scheme === 'devise') return readBcrypt(rest, 'devise', (password) => utf8(password + key))
  return scheme === 'firebase' ? readFirebaseRow(rest, key) : undefined
}

/** Flask-Security hashes base64 of an HMAC whose key is SECURITY_PASSWORD_SALT. */
function readFlaskSecurity(text: string, key: string, readInner: ReadInner): StoredHash | undefined {
  const inner = readInner(text)
  if (inner === undefined) return undefined
  const verify = (password: string) =>
    inner.verify(
      createHmac('sha512', key)
        .update(utf8(password.normalize('NFKD')))
        .digest('base64'),
    )
  return { format: `flask-security-${inner.format}`, costMs: inner.costMs, verify }
}

/** `mem_cost:rounds:separator:salt:hash`, the last three in base64. */
function readFirebaseRow(text: string, signerKey: string): StoredHash | undefined {
  const pattern = new RegExp(`^${INTEGER}:${INTEGER}:([^:]*):([^:]+):([^:]+)$`)
  const [, memCost, rounds, separator = '', salt = '', hash = ''] = pattern.exec(text) ?? []
  if (memCost === undefined) return undefined
  return readFirebase({ memCost: Number(memCost), rounds: Number(rounds), separator, salt, hash, signerKey })
}
