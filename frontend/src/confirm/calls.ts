import type { Client } from '../api/client.ts'
import { readField, readNothing } from '../api/read.ts'
import type { Refusals } from '../components/form/error-details.ts'
import { emailIssue, passwordIssue, throwIssues } from '../components/form/rules.ts'
import { mailTexts } from '../components/texts.ts'
import { paths } from '../paths.ts'
import { isHalfSignedIn } from '../session/user.ts'
import { confirmTexts } from './texts.ts'

/** Throws InvalidForm. */
export function readEmail(form: FormData): string {
  const email = String(form.get('email')).trim()
  throwIssues([emailIssue(email)])
  return email
}

/** Throws InvalidForm. It stays exactly as typed. */
export function readPassword(form: FormData): string {
  const password = String(form.get('password'))
  throwIssues([passwordIssue(password)])
  return password
}

export const sendVerification = (auth: Client, email: string) =>
  auth('POST', '/api/auth/send-verification-email', readNothing, { email })

/**
 * Whether a second factor comes next.
 * @param password not needed with a session of the same account
 */
export const verifyEmail = (auth: Client, token: string, password?: string) =>
  auth('POST', '/api/auth/verify-email/confirm', isHalfSignedIn, { token, ...(password !== undefined && { password }) })

/** Whether another mail went out, to the new address. */
export const confirmChange = (auth: Client, token: string) =>
  auth('POST', '/api/auth/change-email/confirm', (body) => readField(body, 'confirmAt') === 'new', { token })

export const deleteAccount = (auth: Client, token: string) =>
  auth('POST', '/api/auth/delete-user', readNothing, { token })

const linkRefusals: Refusals = {
  INVALID_TOKEN: { field: null, text: mailTexts.linkOver },
}

export const verifyRefusals: Refusals = {
  INVALID_TOKEN: {
    field: 'password',
    text: mailTexts.linkOver,
    link: { href: paths.verifyEmail, text: confirmTexts.askAgain },
  },
  INVALID_EMAIL_OR_PASSWORD: {
    field: 'password',
    text: confirmTexts.wrongPassword,
    link: { href: paths.forgotPassword, text: confirmTexts.chooseNew },
  },
}

export const changeRefusals: Refusals = {
  ...linkRefusals,
  USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL: { field: null, text: confirmTexts.taken },
}

export const deleteRefusals: Refusals = {
  ...linkRefusals,
  DELETION_BLOCKED: { field: null, text: confirmTexts.blocked },
}
