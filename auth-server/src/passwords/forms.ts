/**
 * What a stored password can be. Older systems and documents leave hashes in `account.password` that nothing here can
 * verify; a foreign hash also names its own cost, which is bounded before anything is computed.
 */
export type PasswordForm = 'argon2' | 'scrypt' | UnreadableForm
export type UnreadableForm =
  | 'bcrypt'
  | 'pbkdf2'
  | 'scrypt of another system'
  | 'crypt(3)'
  | 'a bare digest'
  | 'argon2 that is malformed'
  | 'argon2 beyond our limits'
  | 'an unknown form'

/** libsodium's MODERATE (256 MiB, 3 passes) passes; 4 passes over 256 MiB are 1.5 s of one core. */
export const ARGON2_LIMITS = { memoryKiB: 262_144, passes: 16, lanes: 16, memoryTimesPasses: 1_048_576 }

/** Far longer than any real one. */
const MAX_LENGTH = 512

const ARGON2 =
  /^\$argon2(?:id|i|d)(?:\$v=(?:16|19))?\$m=(\d{1,9}),t=(\d{1,9}),p=(\d{1,9})\$[A-Za-z0-9+/]{11,128}\$[A-Za-z0-9+/]{16,172}$/

/** better-auth's: 16 bytes of salt, 64 of key, in hex. */
const SCRYPT = /^[0-9a-f]{32}:[0-9a-f]{128}$/

const UNREADABLE: [RegExp, UnreadableForm][] = [
  [/^\$argon2/, 'argon2 that is malformed'],
  [/^\$2[abxy]?\$/, 'bcrypt'],
  [/pbkdf2/i, 'pbkdf2'],
  [/scrypt|^\$7\$/i, 'scrypt of another system'],
  [/^\$(?:1|5|6|y|gy|apr1|sha1|md5)\$/, 'crypt(3)'],
  [/^(?:[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{56}|[0-9a-f]{64}|[0-9a-f]{96}|[0-9a-f]{128})$/i, 'a bare digest'],
]

export function formOf(stored: string): PasswordForm {
  if (stored.length > MAX_LENGTH) return 'an unknown form'
  const [, memory, passes, lanes] = ARGON2.exec(stored)?.map(Number) ?? []
  if (memory !== undefined && passes !== undefined && lanes !== undefined) return argon2Form(memory, passes, lanes)
  if (SCRYPT.test(stored)) return 'scrypt'
  return UNREADABLE.find(([pattern]) => pattern.test(stored))?.[1] ?? 'an unknown form'
}

function argon2Form(memory: number, passes: number, lanes: number): PasswordForm {
  const { memoryKiB, passes: maxPasses, lanes: maxLanes, memoryTimesPasses } = ARGON2_LIMITS
  const isCostly = memory > memoryKiB || passes > maxPasses || lanes > maxLanes || memory * passes > memoryTimesPasses
  return isCostly ? 'argon2 beyond our limits' : 'argon2'
}
