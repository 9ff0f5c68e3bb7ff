import type { Client } from '../../api/client.ts'
import { readDate, readNothing, readText, UnexpectedResponse } from '../../api/read.ts'
import type { Refusals } from '../../components/form/error-details.ts'
import { connectionTexts } from '../texts.ts'
import { signInMethodsTexts } from './texts.ts'

/** One way into the account: a password, or an account of a provider. */
export interface Method {
  id: string
  providerId: string
  createdAt: Date
}

export const fetchMethods = (auth: Client) => auth('GET', '/api/auth/list-accounts', readMethods)

export const removeMethod = (auth: Client, accountId: string) =>
  auth('POST', '/api/auth/unlink-account', readNothing, { accountId })

export const refusals: Refusals = {
  FAILED_TO_UNLINK_LAST_ACCOUNT: { field: null, text: signInMethodsTexts.onlyWay },
  SESSION_NOT_FRESH: { field: null, text: connectionTexts.notFresh },
  EMAIL_NOT_VERIFIED: { field: null, text: signInMethodsTexts.verifyFirst },
}

function readMethods(body: unknown): Method[] {
  if (!Array.isArray(body)) throw new UnexpectedResponse('no list of accounts')
  return body.map((account) => ({
    id: readText(account, 'id'),
    providerId: readText(account, 'providerId'),
    createdAt: readDate(account, 'createdAt'),
  }))
}
