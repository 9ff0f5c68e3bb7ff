import { textOf } from '../auth/providers/request.ts'

/** What services call the name of an account, the one that users know it by first. */
const NAMES = ['preferred_username', 'login', 'username', 'email', 'name'] as const
const LABEL_MAX = 100

/** Whose account it is, of a response about it; null where none of the usual fields says so. */
export function labelOf(body: object): string | null {
  const name = NAMES.map((field) => textOf(body, field)).find((text) => text !== undefined) ?? ''
  const label = [
    ...name
      .slice(0, LABEL_MAX * 4)
      .replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\s]+/gu, ' ')
      .trim(),
  ]
  return label.length > 0 ? label.slice(0, LABEL_MAX).join('') : null
}
