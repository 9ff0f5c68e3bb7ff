import { kindOf, type MailKind } from '../kinds.ts'

/** What every template may use. `support` is empty where the brand has no such link. */
const EVERYWHERE = ['brand', 'email', 'signIn', 'forgotPassword', 'support'] as const
const OF_LINKS = ['link', 'validity'] as const

/** Their values are addresses, and become links. */
export const ADDRESSES: ReadonlySet<string> = new Set([
  'link',
  'signIn',
  'forgotPassword',
  'support',
  'devices',
  'activity',
])

export function allowedIn(kind: MailKind): readonly string[] {
  const { link, values } = kindOf(kind)
  return [...EVERYWHERE, ...values, ...(link ? OF_LINKS : [])]
}

/** Without its link, or its code, such a mail is of no use. */
export function requiredIn(kind: MailKind): readonly string[] {
  const { link, code } = kindOf(kind)
  return [...(link ? ['link'] : []), ...(code ? ['code'] : [])]
}
