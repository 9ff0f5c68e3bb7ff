import { hash, verify } from '@node-rs/argon2'
import { verifyPassword as verifyScrypt } from 'better-auth/crypto'
import type { Log } from '../log.ts'
import { ARGON2_LIMITS, formOf, type UnreadableForm } from './forms.ts'

/** OWASP's argon2id: 19 MiB, 2 passes, 1 lane. Stronger than better-auth's scrypt, at a fifth of its time. */
const ARGON2ID = {
  algorithm: 2 /* argon2id: the package's enum is erased by our compiler */,
  memoryCost: 19_456,
  timeCost: 2,
  parallelism: 1,
}

export type HashPassword = (password: string) => Promise<string>

/** NFKC, as better-auth does: the same password typed on another keyboard may arrive composed differently. */
export const hashPassword = hashAt(ARGON2ID)

/** With another cost: for tests whose subject is not what a hash costs. */
export function hashAt(cost: typeof ARGON2ID): HashPassword {
  return (password) => hash(password.normalize('NFKC'), cost)
}

export type VerifyPassword = typeof verifyScrypt

/**
 * Hashes that better-auth made before this server are scrypt, `salt:key` in hex. One in a form that cannot be read is
 * nobody's password: false, after the work of a wrong one, so that the time does not show which accounts have such a hash.
 */
export function createVerifyPassword(log: Pick<Log, 'warn'>): VerifyPassword {
  const logged = new Set<UnreadableForm>()

  return async function verifyPassword({ hash: stored, password }) {
    const form = formOf(stored)
    if (form === 'scrypt') return verifyScrypt({ hash: stored, password })
    if (form !== 'argon2') return refuse(form, password)
    try {
      return await verify(stored, password.normalize('NFKC'))
    } catch {
      // Well-formed, and not what it says: 8 KiB for 16 lanes, base64 that ends in the middle of a byte.
      return refuse('argon2 that is malformed', password)
    }
  }

  async function refuse(form: UnreadableForm, password: string): Promise<false> {
    if (!logged.has(form)) log.warn({ form, limits: ARGON2_LIMITS }, UNREADABLE)
    logged.add(form)
    await hashPassword(password)
    return false
  }
}

const UNREADABLE =
  'account.password holds a hash that this server cannot verify; its user has to reset the password (logged once for each form)'
