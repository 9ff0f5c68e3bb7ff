import type { Client } from '../api/client.ts'
import { readField, readNothing } from '../api/read.ts'
import type { Refusals } from '../components/form/error-details.ts'
import { emailIssue, nameIssue, newPasswordIssue, throwIssues } from '../components/form/rules.ts'
import { signUpTexts } from './texts.ts'

interface NewAccount {
  name: string
  email: string
  password: string
}

/** Throws InvalidForm. The password stays exactly as typed, spaces included. */
export function readSignUp(form: FormData, passwordMin: number): NewAccount {
  const name = String(form.get('name')).trim()
  const email = String(form.get('email')).trim()
  const password = String(form.get('password'))
  throwIssues([nameIssue(name), emailIssue(email), newPasswordIssue(password, passwordMin)])
  return { name, email, password }
}

/** Whether there is a session. If not, the address is to be confirmed first, and nobody is told whether it was free. */
export const signUp = (auth: Client, account: NewAccount) =>
  auth('POST', '/api/auth/sign-up/email', (body) => readField(body, 'token') !== null, account)

export const sendVerification = (auth: Client, email: string) =>
  auth('POST', '/api/auth/send-verification-email', readNothing, { email })

/** @param signIn the address of the sign-in page, which shows the email again */
export function refusalsWith(signIn: string): Refusals {
  const taken = {
    field: 'email',
    text: signUpTexts.emailTaken,
    link: { href: signIn, text: signUpTexts.signInInstead },
  }
  return { USER_ALREADY_EXISTS: taken, USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL: taken }
}
