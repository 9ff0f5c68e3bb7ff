import type { Client } from '../api/client.ts'
import type { Refusals } from '../components/form/error-details.ts'
import { emailIssue, passwordIssue, throwIssues } from '../components/form/rules.ts'
import { paths } from '../paths.ts'
import { readUser } from '../session/user.ts'
import { signInTexts } from './texts.ts'

interface Credentials {
  email: string
  password: string
}

/** Throws InvalidForm. The password stays exactly as typed, spaces included. */
export function readSignIn(form: FormData): Credentials {
  const email = String(form.get('email')).trim()
  const password = String(form.get('password'))
  throwIssues([emailIssue(email), passwordIssue(password)])
  return { email, password }
}

export const signIn = (auth: Client, { email, password }: Credentials) =>
  auth('POST', '/api/auth/sign-in/email', readUser, { email, password })

export const refusals: Refusals = {
  INVALID_EMAIL_OR_PASSWORD: { field: 'password', text: signInTexts.wrongPassword },
  EMAIL_NOT_VERIFIED: {
    field: 'email',
    text: signInTexts.notConfirmed,
    link: { href: paths.verifyEmail, text: signInTexts.sendLink },
  },
}
