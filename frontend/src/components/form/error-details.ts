import { type Reason, RequestError } from '../../api/request-error.ts'
import { NoCookie } from '../../session/store.ts'
import type { Text } from '../../texts/texts.ts'
import { errorTexts, ruleTexts } from './texts.ts'

/** One thing that is wrong, and the `id` of the field where the user can correct it, if there is one. */
export interface Issue {
  field: string | null
  text: Text
}

/** What a page tells its user about an error. */
export interface ErrorDetails {
  issues: Issue[]
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
  INVALID_ORIGIN: { field: null, text: errorTexts.originRefused },
  MISSING_OR_NULL_ORIGIN: { field: null, text: errorTexts.originRefused },
  PASSWORD_COMPROMISED: { field: 'password', text: ruleTexts.passwordBreached },
  PASSWORD_TOO_LONG: { field: 'password', text: ruleTexts.passwordLong },
  PASSWORD_TOO_SHORT: { field: 'password', text: ruleTexts.passwordShort },
}

/** Undefined for a bug: an error that no user can do anything about. */
export function errorDetails(error: unknown, refusals: Refusals): ErrorDetails | undefined {
  if (error instanceof InvalidForm) return { issues: error.issues, requestId: null, waitSeconds: null }
  if (error instanceof NoCookie) return detailsOf(errorTexts.noCookie)
  if (error instanceof RequestError) return requestErrorDetails(error.reason, refusals)
  return undefined
}

export function requestErrorDetails(reason: Reason, refusals: Refusals = {}): ErrorDetails {
  if (reason.kind === 'offline') return detailsOf(errorTexts.offline)
  if (reason.kind === 'unavailable') return detailsOf(errorTexts.unavailable, reason.requestId)
  if (reason.kind === 'tooMany') {
    return { ...detailsOf(errorTexts.tooMany, reason.requestId), waitSeconds: reason.retryAfterSeconds }
  }
  const issue = refusals[reason.code] ?? refusalsOfAnyForm[reason.code] ?? { field: null, text: errorTexts.refused }
  return { issues: [issue], requestId: reason.requestId, waitSeconds: null }
}

export const unexpectedError = detailsOf(errorTexts.unexpected)

function detailsOf(text: Text, requestId: string | null = null): ErrorDetails {
  return { issues: [{ field: null, text }], requestId, waitSeconds: null }
}
