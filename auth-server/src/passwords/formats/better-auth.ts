import { verifyPassword } from 'better-auth/crypto'
import type { StoredHash } from './format.ts'

/** 16 bytes of salt, 64 of key, in hex. */
const SCRYPT = /^[0-9a-f]{32}:[0-9a-f]{128}$/

/** better-auth's own scrypt, which hashes the password's NFKC. */
export function readBetterAuth(text: string): StoredHash | undefined {
  if (!SCRYPT.test(text)) return undefined
  return { format: 'better-auth', costMs: 72, verify: (password) => verifyPassword({ hash: text, password }) }
}
