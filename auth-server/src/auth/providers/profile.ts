import type { OAuth2UserInfo } from 'better-auth'
import { isEmail, isImage, isName, NAME_MAX } from '../user-rules.ts'

type Told = Record<string, unknown> & {
  isVerified: boolean
  /** Apple's, which comes with the first sign-in alone, through the browser. */
  given?: { firstName?: unknown; lastName?: unknown } | undefined
}

/** What a provider tells of a user, as far as a user may have it here: see user-rules.ts. A name that may not be is left out. */
export function profileOf({ isVerified, given, ...told }: Told): OAuth2UserInfo {
  const email =
    typeof told.email === 'string' && isEmail(told.email.toLowerCase()) ? told.email.toLowerCase() : undefined
  const names = [told.name, `${text(given?.firstName)} ${text(given?.lastName)}`, told.preferred_username]
  const name = names.map(cleaned).find(isName) ?? email?.slice(0, email.lastIndexOf('@'))
  return {
    name: name ?? '',
    email,
    ...(isImage(told.picture) && { image: told.picture }),
    emailVerified: email !== undefined && isVerified,
  }
}

const text = (value: unknown) => (typeof value === 'string' ? value : '')

/** White space and control characters as one space; not longer than a name may be. */
function cleaned(name: unknown): string {
  return [
    ...text(name)
      .slice(0, NAME_MAX * 4)
      .replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ')
      .trim(),
  ]
    .slice(0, NAME_MAX)
    .join('')
}
