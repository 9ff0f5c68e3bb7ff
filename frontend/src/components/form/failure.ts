import { type Problem, RequestFailed } from '../../api/problem.ts'
import { NoCookie } from '../../session/store.ts'
import type { ProblemText } from '../../texts/english.ts'

/** One thing that is wrong, and the `id` of the field where it can be put right, if there is one. */
export interface Issue {
  field: string | null
  text: ProblemText
}

/** What a form has to say after a submission that did not go through. */
export interface Failure {
  issues: Issue[]
  requestId: string | null
  /** After which the same submission may be answered again. */
  waitSeconds: number | null
}

/** The form was not sent: these fields are not filled in as they have to be. */
export class InvalidForm extends Error {
  readonly issues: Issue[]

  constructor(issues: Issue[]) {
    super(`Invalid: ${issues.map(({ text }) => text).join(', ')}`)
    this.issues = issues
  }
}

/** The services' codes that somebody can do something about. */
const refusals: Record<string, Issue> = {
  INVALID_EMAIL_OR_PASSWORD: { field: 'password', text: 'wrongPassword' },
  USER_ALREADY_EXISTS: { field: 'email', text: 'emailTaken' },
  USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL: { field: 'email', text: 'emailTaken' },
  INVALID_EMAIL: { field: 'email', text: 'emailInvalid' },
  PASSWORD_TOO_SHORT: { field: 'password', text: 'passwordShort' },
  PASSWORD_TOO_LONG: { field: 'password', text: 'passwordLong' },
  PASSWORD_COMPROMISED: { field: 'password', text: 'passwordBreached' },
  BANNED_USER: { field: null, text: 'banned' },
  INVALID_ORIGIN: { field: null, text: 'originRefused' },
  MISSING_OR_NULL_ORIGIN: { field: null, text: 'originRefused' },
}

/** Undefined for an error that no form can answer: a bug. */
export function failureOf(error: unknown): Failure | undefined {
  if (error instanceof InvalidForm) return { issues: error.issues, requestId: null, waitSeconds: null }
  if (error instanceof NoCookie) return failure('noCookie')
  if (error instanceof RequestFailed) return failureOfProblem(error.problem)
  return undefined
}

export function failureOfProblem(problem: Problem): Failure {
  if (problem.kind === 'offline') return failure('offline')
  if (problem.kind === 'unavailable') return failure('unavailable', problem.requestId)
  if (problem.kind === 'tooMany') {
    return { ...failure('tooMany', problem.requestId), waitSeconds: problem.retryAfterSeconds }
  }
  const issue = refusals[problem.code] ?? { field: null, text: 'refused' }
  return { issues: [issue], requestId: problem.requestId, waitSeconds: null }
}

export function failure(text: ProblemText, requestId: string | null = null): Failure {
  return { issues: [{ field: null, text }], requestId, waitSeconds: null }
}
