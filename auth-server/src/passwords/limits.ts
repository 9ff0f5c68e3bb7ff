/**
 * What a stored hash may cost. It is input: a row can be written by an import or by SQL, and names its own cost. Each
 * bound lies above every default that the systems which write the format ever had.
 */

/** libsodium's MODERATE (256 MiB, 3 passes) passes; 4 passes over 256 MiB are 1.5 s of one core. */
export const ARGON2_LIMITS = { memoryKiB: 262_144, passes: 16, lanes: 16, memoryTimesPasses: 1_048_576 }

/** log2 of the rounds: 14 is 0.9 s of one core. */
export const BCRYPT_COSTS = { min: 4, max: 14 }

/** Django 6 writes 1,500,000. */
export const PBKDF2_ITERATIONS = 3_000_000

/** `bytes`: 128 · N · r. Werkzeug writes 32768:8:1, which is 32 MiB. */
export const SCRYPT_LIMITS = { n: 2 ** 17, r: 16, p: 8, bytes: 128 * 1024 ** 2 }

/** sha256_crypt and sha512_crypt: passlib writes 656,000 rounds. The form itself begins at 1,000. */
export const SHA_CRYPT_ROUNDS = { min: 1000, max: 700_000 }

/** log2 of phpass' rounds: WordPress writes 13, passlib 19. */
export const PHPASS_COSTS = { min: 7, max: 19 }

/** Far longer than any real one. */
export const MAX_STORED_LENGTH = 1024

/** Integers as their text has them: no sign, no leading zero, nothing that a double would round. */
export const INTEGER = String.raw`(0|[1-9]\d{0,8})`

export function isBetween(value: number, { min, max }: { min: number; max: number }): boolean {
  return value >= min && value <= max
}
