import { hash } from '@node-rs/argon2'
import type { Log } from '../log.ts'
import { MalformedHash } from './formats/format.ts'
import type { LegacyKeys } from './formats/keyed.ts'
import { readStored, type UnreadableForm } from './forms.ts'
import { ARGON2_LIMITS } from './limits.ts'

/** OWASP's argon2id: 19 MiB, 2 passes, 1 lane. Stronger than better-auth's scrypt, at a fifth of its time. */
const ARGON2ID = {
  algorithm: 2 /* argon2id: the package's enum is erased by our compiler */,
  memoryCost: 19_456,
  timeCost: 2,
  parallelism: 1,
}

/** How new passwords are hashed, and whether a stored hash was made so: else it is replaced once its password is typed. */
export type Hashing = { hash: (password: string) => Promise<string>; isCurrent: (stored: string) => boolean }

/** How a hash of ours begins, and how long it is: with 16 bytes of salt and 32 of hash. */
const CURRENT_START = `$argon2id$v=19$m=${ARGON2ID.memoryCost},t=${ARGON2ID.timeCost},p=${ARGON2ID.parallelism}$`
export const CURRENT_HASH = { start: CURRENT_START, length: CURRENT_START.length + 22 + 1 + 43 }

export const hashing = hashingAt(ARGON2ID)

/** With another cost: for tests whose subject is not what a hash costs. */
export function hashingAt(cost: typeof ARGON2ID): Hashing {
  const current = `$argon2id$v=19$m=${cost.memoryCost},t=${cost.timeCost},p=${cost.parallelism}$`
  return {
    // NFKC, as better-auth does: the same password typed on another keyboard may arrive composed differently.
    hash: (password) => hash(password.normalize('NFKC'), cost),
    isCurrent: (stored) => stored.startsWith(current),
  }
}

export const hashPassword = hashing.hash

export type VerifyPassword = (given: { hash: string; password: string }) => Promise<boolean>
/** Runs what costs more than our own hash, when its turn comes. */
export type RunCostly = <Result>(costMs: number, work: () => Promise<Result>) => Promise<Result>
type Parts = {
  log: Pick<Log, 'warn'>
  keys: LegacyKeys
  runCostly: RunCostly
  /** Of every comparison: the format that was read, or the form that could not be. */
  count: (format: string) => void
}

/**
 * Stored hashes come from us, from better-auth before us, or from the system that a user was imported from. One that
 * cannot be read is nobody's password: false, after the work of a wrong one, so that the time does not show which
 * accounts have such a hash.
 */
export function createVerifyPassword({ log, keys, runCostly, count }: Parts): VerifyPassword {
  const logged = new Set<UnreadableForm>()

  return async function verifyPassword({ hash: text, password }) {
    const stored = readStored(text, keys)
    if (typeof stored === 'string') return refuse(stored, password)
    count(stored.format)
    try {
      return await runCostly(stored.costMs, () => isOneOf(spellings(password), stored.verify))
    } catch (error) {
      if (error instanceof MalformedHash) return refuse('argon2 that is malformed', password)
      throw error
    }
  }

  async function refuse(form: UnreadableForm, password: string): Promise<false> {
    count(form)
    if (!logged.has(form)) log.warn({ form, limits: ARGON2_LIMITS }, UNREADABLE)
    logged.add(form)
    await hashPassword(password)
    return false
  }
}

/**
 * We hash NFKC. Older systems hashed what was typed, on a keyboard that may have composed letters differently. For
 * nearly every password these are one spelling.
 */
function spellings(password: string): Set<string> {
  return new Set([password.normalize('NFKC'), password, password.normalize('NFC'), password.normalize('NFD')])
}

async function isOneOf(tried: Iterable<string>, verify: (password: string) => Promise<boolean>): Promise<boolean> {
  for (const spelling of tried) if (await verify(spelling)) return true
  return false
}

const UNREADABLE =
  'account.password holds a hash that this server cannot verify; its user has to reset the password (logged once for each form)'
