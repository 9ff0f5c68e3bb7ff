import { InvalidForm, type Issue } from '../components/form/failure.ts'
import type { ProblemText } from '../texts/english.ts'

/** As better-auth counts: UTF-16 code units. */
const SHORTEST_PASSWORD = 8
const LONGEST_PASSWORD = 128

export interface Credentials {
  email: string
  password: string
}

/** Throws InvalidForm. An old password may break today's rules, so that it is not empty is all that is asked here. */
export function readSignIn(form: FormData): Credentials {
  const { email, password } = readCredentials(form)
  report([emailIssue(email), issue('password', password === '' && 'passwordMissing')])
  return { email, password }
}

/** Throws InvalidForm. */
export function readSignUp(form: FormData): Credentials & { name: string } {
  const { email, password } = readCredentials(form)
  const name = String(form.get('name')).trim()
  report([
    issue('name', name === '' && 'nameMissing'),
    emailIssue(email),
    issue('password', password === '' && 'passwordMissing'),
    issue('password', password !== '' && password.length < SHORTEST_PASSWORD && 'passwordShort'),
    issue('password', password.length > LONGEST_PASSWORD && 'passwordLong'),
  ])
  return { name, email, password }
}

/** The password stays exactly as typed, spaces included. */
function readCredentials(form: FormData): Credentials {
  return { email: String(form.get('email')).trim(), password: String(form.get('password')) }
}

/** Only what cannot be an address at all: whether it is one, the server decides. */
function emailIssue(email: string): Issue | null {
  if (email === '') return issue('email', 'emailMissing')
  return issue('email', !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(email) && 'emailInvalid')
}

function issue(field: string, text: ProblemText | false): Issue | null {
  return text ? { field, text } : null
}

function report(found: (Issue | null)[]): void {
  const issues = found.filter((issue) => issue !== null)
  if (issues.length > 0) throw new InvalidForm(issues)
}
