import type { Client } from '../../api/client.ts'
import { readField } from '../../api/read.ts'
import type { Refusals } from '../../components/form/error-details.ts'
import { codeIssue, emailIssue, throwIssues } from '../../components/form/rules.ts'
import { mailTexts } from '../../components/texts.ts'
import { isHalfSignedIn, readUser } from '../../session/user.ts'
import { sentTexts } from './texts.ts'

/** Throws InvalidForm. */
export function readEmail(form: FormData): string {
  const email = String(form.get('email')).trim()
  throwIssues([emailIssue(email)])
  return email
}

/** Throws InvalidForm. With what comes along when a code is copied left out. */
export function readCode(form: FormData): string {
  const code = String(form.get('code')).replace(/[\s\p{Cf}-]/gu, '')
  throwIssues([codeIssue(code)])
  return code
}

/** `half`: the second factor comes next. `claimed`: what the account had before, such as its password, is gone. */
export type MailedSignedIn = 'half' | 'whole' | 'claimed'

export const signInByCode = (auth: Client, email: string, otp: string) =>
  auth('POST', '/api/auth/sign-in/email-otp', readSignedIn, { email, otp })

export const signInByLink = (auth: Client, token: string, email: string) =>
  auth('POST', '/api/auth/magic-link/verify', readSignedIn, { token, email })

function readSignedIn(body: unknown): MailedSignedIn {
  if (isHalfSignedIn(body)) return 'half'
  readUser(body)
  return readField(body, 'isPasswordGone') === true ? 'claimed' : 'whole'
}

const suspended = { field: null, text: sentTexts.suspended }

export const codeRefusals: Refusals = {
  INVALID_OTP: { field: 'code', text: sentTexts.wrongCode },
  BANNED_USER: suspended,
}

export const linkRefusals: Refusals = {
  INVALID_TOKEN: { field: null, text: mailTexts.linkOver },
  BANNED_USER: suspended,
}
