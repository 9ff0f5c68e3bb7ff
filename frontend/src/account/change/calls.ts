import type { Client } from '../../api/client.ts'
import { readField, readNothing } from '../../api/read.ts'
import type { Refusals } from '../../components/form/error-details.ts'
import { emailIssue, newPasswordIssue, passwordIssue, throwIssues } from '../../components/form/rules.ts'
import { changeTexts } from './texts.ts'

export interface PasswordChange {
  currentPassword: string
  newPassword: string
}

/** Throws InvalidForm. Passwords stay exactly as typed. */
export function readPasswordChange(form: FormData, passwordMin: number): PasswordChange {
  const currentPassword = String(form.get('currentPassword'))
  const newPassword = String(form.get('password'))
  const missing = passwordIssue(currentPassword)
  throwIssues([missing && { ...missing, field: 'currentPassword' }, newPasswordIssue(newPassword, passwordMin)])
  return { currentPassword, newPassword }
}

/** Throws InvalidForm. */
export function readEmailChange(form: FormData): { newEmail: string; password: string } {
  const newEmail = String(form.get('newEmail')).trim()
  const password = String(form.get('password'))
  const issue = emailIssue(newEmail)
  throwIssues([issue && { ...issue, field: 'newEmail' }, passwordIssue(password)])
  return { newEmail, password }
}

/** Throws InvalidForm. */
export function readPassword(form: FormData): string {
  const password = String(form.get('password'))
  throwIssues([passwordIssue(password)])
  return password
}

export const changePassword = (auth: Client, change: PasswordChange) =>
  auth('POST', '/api/auth/change-password', readNothing, { ...change, revokeOtherSessions: true })

/** Where the first mail went. */
export const changeEmail = (auth: Client, change: { newEmail: string; password: string }) =>
  auth(
    'POST',
    '/api/auth/change-email',
    (body) => (readField(body, 'confirmAt') === 'new' ? 'new' : ('old' as const)),
    change,
  )

export const sendVerification = (auth: Client, email: string) =>
  auth('POST', '/api/auth/send-verification-email', readNothing, { email })

/** Whether a mail went out. Without mails the account is gone at once. */
export const deleteAccount = (auth: Client, password: string) =>
  auth('POST', '/api/auth/delete-user', (body) => readField(body, 'message') !== 'User deleted', { password })

const noPassword = { field: null, text: changeTexts.noPassword }

export const passwordRefusals: Refusals = {
  INVALID_PASSWORD: { field: 'currentPassword', text: changeTexts.wrongPassword },
  CREDENTIAL_ACCOUNT_NOT_FOUND: noPassword,
}

export const emailRefusals: Refusals = {
  INVALID_PASSWORD: { field: 'password', text: changeTexts.wrongPassword },
  EMAIL_IS_THE_SAME: { field: 'newEmail', text: changeTexts.sameEmail },
}

export const deleteRefusals: Refusals = {
  INVALID_PASSWORD: { field: 'password', text: changeTexts.wrongPassword },
  DELETION_BLOCKED: { field: null, text: changeTexts.blocked },
}
