import { InvalidForm, type Issue } from '../components/form/failure.ts'
import { NAME_MAX, PASSWORD_MAX, PASSWORD_MIN } from '../components/form/limits.ts'
import type { ProblemText } from '../texts/english.ts'

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

/** Throws InvalidForm. An empty name is fine: the server takes the part before the @. */
export function readSignUp(form: FormData): Credentials & { name: string } {
  const { email, password } = readCredentials(form)
  const name = String(form.get('name')).trim()
  report([
    issue('name', name !== '' && !isVisible(name) && 'nameInvisible'),
    issue('name', [...name].length > NAME_MAX && 'nameTooLong'),
    emailIssue(email),
    issue('password', password === '' && 'passwordMissing'),
    issue('password', password !== '' && [...password].length < PASSWORD_MIN && 'passwordShort'),
    issue('password', [...password].length > PASSWORD_MAX && 'passwordLong'),
  ])
  return { name, email, password }
}

/** One character that leaves a mark. The server's rule, see visible.ts there, says more on it. */
function isVisible(name: string): boolean {
  return /(?![\p{Default_Ignorable_Code_Point}\u{2800}\u{1d159}\u{13441}\u{13442}\u{fffc}])[\p{L}\p{N}\p{P}\p{S}]/u.test(
    name,
  )
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
