import { HttpError } from '../errors.ts'

/** `min`: the least that PASSWORD_MIN_LENGTH may be, and its default (NIST SP 800-63B-4 §3.1.1.2). */
export const PASSWORD_LENGTH = { min: 8, max: 128 }
/** Users who were imported may have a longer one: Django takes 4,096 characters, but who types them? */
export const MAX_COMPARED = 1024
const tooLong = (max: number) =>
  new HttpError('PASSWORD_TOO_LONG', { message: `A password may have at most ${max} characters.` })

/** What the members of a body hold: whatever a caller sent. */
type Passwords = { chosen: readonly unknown[]; compared: readonly unknown[]; min: number }

/**
 * Lengths in characters as a user counts them. better-auth counts UTF-16 units, by which one emoji is two to eight
 * characters; its own limits are set so wide that these decide. `compared`: with a password that exists, which may be
 * older than the rule.
 */
export function checkPasswordLengths({ chosen, compared, min }: Passwords): void {
  if (chosen.some((value) => lengthOf(value, Number.POSITIVE_INFINITY) < min)) {
    throw new HttpError('PASSWORD_TOO_SHORT', { message: `A password must have at least ${min} characters.` })
  }
  if (chosen.some((value) => lengthOf(value, 0) > PASSWORD_LENGTH.max)) throw tooLong(PASSWORD_LENGTH.max)
  if (compared.some((value) => lengthOf(value, 0) > MAX_COMPARED)) throw tooLong(MAX_COMPARED)
}

/** better-auth refuses what is no string. */
function lengthOf(value: unknown, otherwise: number): number {
  return typeof value === 'string' ? [...value].length : otherwise
}
