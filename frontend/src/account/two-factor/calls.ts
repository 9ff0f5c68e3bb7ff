import type { Client } from '../../api/client.ts'
import { readDate, readField, readList, readNothing, readText, UnexpectedResponse } from '../../api/read.ts'
import { isRefusal } from '../../api/request-error.ts'
import type { Refusals } from '../../components/form/error-details.ts'
import { codeIssue, passwordIssue, throwIssues } from '../../components/form/rules.ts'
import { codeTexts } from '../../components/form/texts.ts'
import { twoFactorTexts } from './texts.ts'

export interface TrustedDevice {
  id: string
  userAgent: string
  expiresAt: Date
  isCurrent: boolean
}

export interface TwoFactorState {
  isEnabled: boolean
  /** Without one, nothing but a sign-in of a moment ago shows who it is. */
  hasPassword: boolean
  backupCodesLeft: number
  trustedDevices: TrustedDevice[]
}

export interface App {
  /** What the QR code holds. */
  uri: string
  /** The same, to type. */
  secret: string
  backupCodes: string[]
}

/** The field's `name` and `id`: other sections have passwords too. */
export const PASSWORD_FIELD = 'two-factor-password'

export const fetchState = (auth: Client) => auth('GET', '/api/auth/two-factor/state', readState)

export const setUpApp = (auth: Client, password?: string) =>
  auth('POST', '/api/auth/two-factor/enable', readApp, { password })

export const confirmApp = (auth: Client, code: string) =>
  auth('POST', '/api/auth/two-factor/verify-totp', readNothing, { code })

export const turnOff = (auth: Client, body: { password?: string | undefined; code: string }) =>
  auth('POST', '/api/auth/two-factor/disable', readNothing, body)

export const renewBackupCodes = (auth: Client, password?: string) =>
  auth('POST', '/api/auth/two-factor/generate-backup-codes', readBackupCodes, { password })

/** Also succeeds if it is forgotten already. */
export async function forgetDevice(auth: Client, id: string): Promise<void> {
  try {
    await auth('POST', '/api/auth/two-factor/forget-device', readNothing, { id })
  } catch (error) {
    if (!isRefusal(error, [404])) throw error
  }
}

/** Throws InvalidForm. Undefined: the user has none, and the form no field for it. */
export function readPassword(form: FormData): string | undefined {
  const given = form.get(PASSWORD_FIELD)
  if (given === null) return undefined
  const issue = passwordIssue(String(given))
  throwIssues([issue && { ...issue, field: PASSWORD_FIELD }])
  return String(given)
}

/** Throws InvalidForm. */
export function readCode(form: FormData): string {
  const code = String(form.get('code')).replace(/\s/g, '')
  throwIssues([codeIssue(code)])
  return code
}

/** To turn it off, a backup code will do: who has lost the phone has nothing else. */
export function readAnyCode(form: FormData): string {
  const code = String(form.get('code')).trim()
  throwIssues([code === '' ? { field: 'code', text: codeTexts.missing } : null])
  return code
}

export const refusals: Refusals = {
  INVALID_PASSWORD: { field: PASSWORD_FIELD, text: twoFactorTexts.wrongPassword },
  SESSION_NOT_FRESH: { field: null, text: twoFactorTexts.notFresh },
  INVALID_CODE: { field: 'code', text: codeTexts.wrong },
  INVALID_BACKUP_CODE: { field: 'code', text: codeTexts.wrong },
  TOTP_ALREADY_ENABLED: { field: null, text: twoFactorTexts.elsewhere },
  TOTP_NOT_ENABLED: { field: null, text: twoFactorTexts.elsewhere },
  TWO_FACTOR_NOT_ENABLED: { field: null, text: twoFactorTexts.elsewhere },
}

function readState(body: unknown): TwoFactorState {
  const backupCodesLeft = readField(body, 'backupCodesLeft')
  if (typeof backupCodesLeft !== 'number') throw new UnexpectedResponse('backupCodesLeft is not a number')
  return {
    isEnabled: readField(body, 'isEnabled') === true,
    hasPassword: readField(body, 'hasPassword') === true,
    backupCodesLeft,
    trustedDevices: readList(body, 'trustedDevices', readDevice),
  }
}

function readDevice(body: unknown): TrustedDevice {
  return {
    id: readText(body, 'id'),
    userAgent: readText(body, 'userAgent'),
    expiresAt: readDate(body, 'expiresAt'),
    isCurrent: readField(body, 'isCurrent') === true,
  }
}

function readApp(body: unknown): App {
  const uri = readText(body, 'totpURI')
  const secret = URL.canParse(uri) ? new URL(uri).searchParams.get('secret') : null
  if (!secret) throw new UnexpectedResponse('totpURI has no secret')
  return { uri, secret, backupCodes: readBackupCodes(body) }
}

function readBackupCodes(body: unknown): string[] {
  return readList(body, 'backupCodes', (code) => {
    if (typeof code !== 'string') throw new UnexpectedResponse('a backup code is not a text')
    return code
  })
}
