import type { Client } from '../api/client.ts'
import { readNothing } from '../api/read.ts'
import type { Refusals } from '../components/form/error-details.ts'
import { emailIssue, newPasswordIssue, throwIssues } from '../components/form/rules.ts'
import { mailTexts } from '../components/texts.ts'
import { paths } from '../paths.ts'
import { passwordTexts } from './texts.ts'

/** Throws InvalidForm. */
export function readEmail(form: FormData): string {
  const email = String(form.get('email')).trim()
  throwIssues([emailIssue(email)])
  return email
}

/** Throws InvalidForm. */
export function readNewPassword(form: FormData, passwordMin: number): string {
  const password = String(form.get('password'))
  throwIssues([newPasswordIssue(password, passwordMin)])
  return password
}

export const requestReset = (auth: Client, email: string) =>
  auth('POST', '/api/auth/request-password-reset', readNothing, { email })

export const resetPassword = (auth: Client, token: string, newPassword: string) =>
  auth('POST', '/api/auth/reset-password', readNothing, { token, newPassword })

export const resetRefusals: Refusals = {
  INVALID_TOKEN: {
    field: 'password',
    text: mailTexts.linkOver,
    link: { href: paths.forgotPassword, text: passwordTexts.askAgain },
  },
}
