import { APIError } from 'better-auth/api'
import { defaultRoles } from 'better-auth/plugins/admin/access'
import { z } from 'zod'
import type { ErrorCode } from '../errors.ts'

const UNREADABLE_NAME = 'A name must have a visible character and no control characters.'

export const NAME_MAX = 255
const LONG_NAME = `A name may have at most ${NAME_MAX} characters.`

/** Those of the admin plugin; own names only, `toString` is none. */
export const ROLES = new Set(Object.keys(defaultRoles))

/**
 * What may stand in a "user" row, whichever endpoint writes it. better-auth lower-cases addresses before it looks one
 * up; the pattern (addresses.ts) takes ASCII only, so look-alikes, quoted local parts and invisible characters are refused.
 */
const UserRules = z.object({
  name: z
    .string()
    // In UTF-16 units first, of which a character has at most two: the rest looks at every character.
    .max(NAME_MAX * 2, { error: LONG_NAME, abort: true })
    .refine((name) => [...name].length <= NAME_MAX, LONG_NAME)
    .refine(isVisible, UNREADABLE_NAME)
    .regex(/^[^\p{Cc}\p{Zl}\p{Zp}]*$/u, UNREADABLE_NAME)
    .optional(),
  email: z
    .email('This is not an e-mail address.')
    .max(254, 'An e-mail address may have at most 254 characters.')
    .lowercase('An e-mail address must be lower-case.')
    .optional(),
  image: z
    .url({ protocol: /^https?$/, error: 'An image must be an http or https URL.' })
    .max(2048, 'An image URL may have at most 2048 characters.')
    .nullish(),
  // better-auth keeps several as one text, with commas, and reads them so.
  role: z
    .string()
    .refine(
      (roles) => roles.split(',').every((role) => ROLES.has(role)),
      `A role must be one of: ${[...ROLES].join(', ')}.`,
    )
    .nullish(),
  // better-auth adds `banExpiresIn` to the current time: a number that is too large gives an invalid date.
  banExpires: z.unknown().refine(isTime, 'The end of a ban must be a time.').nullish(),
})

export const isName = (value: unknown): value is string => UserRules.shape.name.unwrap().safeParse(value).success
export const isEmail = (value: unknown): value is string => UserRules.shape.email.unwrap().safeParse(value).success
export const isImage = (value: unknown): value is string =>
  typeof value === 'string' && UserRules.shape.image.safeParse(value).success

const VALIDATION_ERROR: ErrorCode = 'VALIDATION_ERROR'

/** A hook of better-auth's, before a user is created or updated. */
export async function checkUser(user: Record<string, unknown>): Promise<void> {
  const issue = UserRules.safeParse(user).error?.issues[0]
  if (issue) throw APIError.from('BAD_REQUEST', { code: VALIDATION_ERROR, message: issue.message })
}

/**
 * A character that leaves a mark: a letter, digit, punctuation mark or symbol, without those that Unicode ignores by
 * default (soft hyphen, zero width, Hangul fillers, variation selectors, tags) and the blanks among letters and symbols:
 * U+2800 (Braille), U+1D159 (null notehead), U+13441 and U+13442 (Egyptian), U+FFFC (place of an object).
 * Combining marks need something to combine with, and private use characters a font that nobody has.
 */
const VISIBLE =
  /(?![\p{Default_Ignorable_Code_Point}\u{2800}\u{1d159}\u{13441}\u{13442}\u{fffc}])[\p{L}\p{N}\p{P}\p{S}]/u

function isVisible(text: string): boolean {
  return VISIBLE.test(text)
}

function isTime(value: unknown): boolean {
  return (value instanceof Date || typeof value === 'string') && !Number.isNaN(new Date(value).getTime())
}
