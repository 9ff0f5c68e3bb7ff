import type { Language, Text } from '../../texts/texts.ts'
import { InvalidForm, type Issue } from './error-details.ts'
import { codeTexts, ruleTexts } from './texts.ts'

/** What the forms accept, in characters (code points), as the services count. The numbers are contract/limits.json's. */
export const PASSWORD_MIN = 8 // the default of the auth server's PASSWORD_MIN_LENGTH
export const PASSWORD_MAX = 128
export const NAME_MAX = 255

/** Throws InvalidForm if a rule found something. */
export function throwIssues(found: (Issue | null)[]): void {
  const issues = found.filter((issue) => issue !== null)
  if (issues.length > 0) throw new InvalidForm(issues)
}

/** Code points: an emoji is one or more of them, a UTF-16 unit is only half of many. */
export function countCharacters(text: string): number {
  return [...text].length
}

/** Only what cannot be an address at all: whether it is one, the server decides. */
export function emailIssue(email: string): Issue | null {
  if (email === '') return { field: 'email', text: ruleTexts.emailMissing }
  return /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(email) ? null : { field: 'email', text: ruleTexts.emailInvalid }
}

/** Of a password that exists: it may be older than today's rules. */
export function passwordIssue(password: string): Issue | null {
  return password === '' ? { field: 'password', text: ruleTexts.passwordMissing } : null
}

/** @param min what the auth server asks for */
export function newPasswordIssue(password: string, min: number): Issue | null {
  const length = countCharacters(password)
  if (length === 0) return { field: 'password', text: ruleTexts.passwordMissing }
  if (length < min) return { field: 'password', text: withNumber(ruleTexts.passwordShort, min) }
  return length > PASSWORD_MAX ? { field: 'password', text: ruleTexts.passwordLong } : null
}

function withNumber({ en, de }: Record<Language, (count: number) => string>, count: number): Text {
  return { en: en(count), de: de(count) }
}

/** An empty name is fine: the server takes the part of the email before the @. */
export function nameIssue(name: string): Issue | null {
  if (countCharacters(name) > NAME_MAX) return { field: 'name', text: ruleTexts.nameTooLong }
  return name === '' || isVisible(name) ? null : { field: 'name', text: ruleTexts.nameInvisible }
}

/** At least one character that can be seen. The server's rule; its visible.ts explains the exceptions. */
function isVisible(name: string): boolean {
  return /(?![\p{Default_Ignorable_Code_Point}\u{2800}\u{1d159}\u{13441}\u{13442}\u{fffc}])[\p{L}\p{N}\p{P}\p{S}]/u.test(
    name,
  )
}

/** Of an authenticator app, without the space in its middle. */
export function codeIssue(code: string): Issue | null {
  if (code === '') return { field: 'code', text: codeTexts.missing }
  return /^\d{6}$/.test(code) ? null : { field: 'code', text: codeTexts.digits }
}
