import { APIError } from 'better-auth/api'
import { z } from 'zod'

const UNREADABLE_NAME = 'A name must have a visible character and no control characters.'

/**
 * What may stand in a "user" row, whichever endpoint writes it. better-auth lower-cases addresses before it looks one
 * up; zod's pattern takes ASCII only, so look-alikes, quoted local parts and invisible characters are refused.
 */
const UserRules = z.object({
  name: z
    .string()
    .max(200, { error: 'A name may have at most 200 characters.', abort: true })
    // Two patterns: one for both would try every character as the visible one, of a name as long as a body may be.
    .regex(/\S/, UNREADABLE_NAME)
    .regex(/^\P{Cc}*$/u, UNREADABLE_NAME)
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
})

/** A hook of better-auth's, before a user is created or updated. */
export async function checkUser(user: Record<string, unknown>): Promise<void> {
  const issue = UserRules.safeParse(user).error?.issues[0]
  if (issue) throw APIError.from('BAD_REQUEST', { code: 'VALIDATION_ERROR', message: issue.message })
}
