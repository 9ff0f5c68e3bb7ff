import type { Client } from '../api/client.ts'
import { readNothing, readText } from '../api/read.ts'
import type { Refusals } from '../components/form/error-details.ts'
import { codeIssue, emailIssue, passwordIssue, throwIssues } from '../components/form/rules.ts'
import { codeTexts } from '../components/form/texts.ts'
import type { PasskeyOptions, PasskeyResponse } from '../components/passkeys.ts'
import { paths } from '../paths.ts'
import type { Features } from '../session/features.ts'
import { isHalfSignedIn, readUser } from '../session/user.ts'
import { passkeySignInTexts, secondFactorTexts, signInTexts } from './texts.ts'

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

/** `half`: the password was right, and the second factor comes next. There is no session yet. */
export type SignedIn = 'half' | 'whole'

export const signIn = (auth: Client, { email, password }: Credentials) =>
  auth('POST', '/api/auth/sign-in/email', readSignedIn, { email, password })

function readSignedIn(body: unknown): SignedIn {
  if (isHalfSignedIn(body)) return 'half'
  readUser(body)
  return 'whole'
}

type ByMail = Pick<Features, 'magicLink' | 'emailCode'>

/** @param next the page of the app that a link leads to in the end */
export const askForMail = (auth: Client, { magicLink }: ByMail, email: string, next: string) =>
  magicLink
    ? auth('POST', '/api/auth/sign-in/magic-link', readNothing, { email, callbackURL: next })
    : auth('POST', '/api/auth/email-otp/send-verification-otp', readNothing, { email })

export const fetchPasskeyOptions = (auth: Client) =>
  auth('GET', '/api/auth/passkey/generate-authenticate-options', readPasskeyOptions)

function readPasskeyOptions(body: unknown): PasskeyOptions {
  readText(body, 'challenge')
  return body as PasskeyOptions
}

export const signInWithPasskey = (auth: Client, response: PasskeyResponse) =>
  auth('POST', '/api/auth/passkey/verify-authentication', readUser, { response })

export const passkeyRefusals: Refusals = {
  PASSKEY_NOT_FOUND: { field: null, text: passkeySignInTexts.unknown },
  CHALLENGE_NOT_FOUND: { field: null, text: passkeySignInTexts.cancelled },
}

export type CodeKind = 'totp' | 'backup-code'
interface SecondFactor {
  code: string
  trustDevice: boolean
}

/** Throws InvalidForm. */
export function readSecondFactor(form: FormData, kind: CodeKind): SecondFactor {
  const code = String(form.get('code')).replace(/\s/g, '')
  const missing = { field: 'code', text: codeTexts.missing }
  throwIssues([kind === 'totp' ? codeIssue(code) : code === '' ? missing : null])
  return { code, trustDevice: form.get('trust') !== null }
}

export const verifySecondFactor = (auth: Client, kind: CodeKind, body: SecondFactor) =>
  auth('POST', `/api/auth/two-factor/verify-${kind}`, readUser, body)

export const secondFactorRefusals: Refusals = {
  INVALID_CODE: { field: 'code', text: codeTexts.wrong },
  INVALID_BACKUP_CODE: { field: 'code', text: secondFactorTexts.wrongBackupCode },
  INVALID_TWO_FACTOR_COOKIE: { field: null, text: secondFactorTexts.over },
  TOO_MANY_ATTEMPTS_REQUEST_NEW_CODE: { field: null, text: secondFactorTexts.over },
}

export const refusals: Refusals = {
  INVALID_EMAIL_OR_PASSWORD: { field: 'password', text: signInTexts.wrongPassword },
  EMAIL_NOT_VERIFIED: {
    field: 'email',
    text: signInTexts.notConfirmed,
    link: { href: paths.verifyEmail, text: signInTexts.sendLink },
  },
}
