import { type Reason, RequestError } from '../../api/request-error.ts'
import { NoCookie } from '../../session/store.ts'
import type { Text } from '../../texts/texts.ts'
import { errorTexts, ruleTexts } from './texts.ts'

/** One thing that is wrong, and the `id` of the field where the user can correct it, if there is one. */
export interface Issue {
  field: string | null
  text: Text
  /** A page that helps. */
  link?: { href: string; text: Text }
}

/** What a page tells its user about an error. */
export interface ErrorDetails {
  /** What the page says may depend on the connection, and on whether anything was entered. */
  kind: 'offline' | 'unavailable' | 'other'
  issues: Issue[]
  /** Only where support would need it: not for what the user can change, and not for a wait. */
  requestId: string | null
  /** After this time the service may accept the same request. */
  waitSeconds: number | null
}

/** The form was not sent, because fields break a rule. */
export class InvalidForm extends Error {
  readonly issues: Issue[]

  constructor(issues: Issue[]) {
    super(`Invalid: ${issues.map(({ text }) => text.en).join(' ')}`)
    this.issues = issues
  }
}

/** Error codes of the services that a form explains. */
export type Refusals = Record<string, Issue>

const refusalsOfAnyForm: Refusals = {
  BANNED_USER: { field: null, text: errorTexts.banned },
  INVALID_EMAIL: { field: 'email', text: ruleTexts.emailInvalid },
  NOT_WHILE_IMPERSONATING: { field: null, text: errorTexts.impersonating },
  PASSWORD_COMPROMISED: { field: 'password', text: ruleTexts.passwordBreached },
  PASSWORD_TOO_LONG: { field: 'password', text: ruleTexts.passwordLong },
  PASSWORD_TOO_SHORT: { field: 'password', text: ruleTexts.passwordTooShort },
}

/** What the operator has to correct: support needs the request id. */
const misconfigurations: Refusals = {
  INVALID_ORIGIN: { field: null, text: errorTexts.originRefused },
  MISSING_OR_NULL_ORIGIN: { field: null, text: errorTexts.originRefused },
}

/** Undefined for a bug: an error that no user can do anything about. */
export function errorDetails(error: unknown, refusals: Refusals): ErrorDetails | undefined {
  if (error instanceof InvalidForm) return { ...detailsOf(errorTexts.refused), issues: error.issues }
  if (error instanceof NoCookie) return detailsOf(errorTexts.noCookie)
  if (error instanceof RequestError) return requestErrorDetails(error.reason, refusals)
  return undefined
}

export function requestErrorDetails(reason: Reason, refusals: Refusals = {}): ErrorDetails {
  if (reason.kind === 'offline') return { ...detailsOf(errorTexts.offline), kind: 'offline' }
  if (reason.kind === 'tooMany') return { ...detailsOf(errorTexts.tooMany), waitSeconds: reason.retryAfterSeconds }
  const { requestId } = reason
  if (reason.kind === 'unavailable') return { ...detailsOf(errorTexts.unavailable), kind: 'unavailable', requestId }
  const issue = refusals[reason.code] ?? refusalsOfAnyForm[reason.code]
  if (issue) return { ...detailsOf(issue.text), issues: [issue] }
  const unknown = misconfigurations[reason.code] ?? { field: null, text: errorTexts.refused }
  return { ...detailsOf(unknown.text), requestId }
}

export const unexpectedError = detailsOf(errorTexts.unexpected)

function detailsOf(text: Text): ErrorDetails {
  return { kind: 'other', issues: [{ field: null, text }], requestId: null, waitSeconds: null }
}
