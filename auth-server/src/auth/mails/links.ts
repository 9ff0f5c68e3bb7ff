import { getCurrentAdapter } from '@better-auth/core/context'
import type { AuthContext } from 'better-auth'
import { APIError, BASE_ERROR_CODES } from 'better-auth'
import { changesOf, codesOf, type EmailChange, LINK_VALUES } from '../../mail/links.ts'
import type { Adapter } from './mails.ts'

type Links = Pick<AuthContext['internalAdapter'], 'findVerificationValue' | 'consumeVerificationValue'>

/** What the link is good for, without using it up. Throws INVALID_TOKEN. */
export async function readLink(links: Links, identifier: string): Promise<string> {
  const found = await links.findVerificationValue(identifier)
  if (!found || found.expiresAt <= new Date()) throw invalidLink()
  return found.value
}

/** Of any number of requests with the same link, one gets past this. To be called in the transaction that acts on it. */
export async function useLink(links: Links, identifier: string, value: string): Promise<void> {
  const consumed = await links.consumeVerificationValue(identifier)
  if (consumed?.value !== value) throw invalidLink()
}

export function invalidLink(): Error {
  return APIError.from('BAD_REQUEST', BASE_ERROR_CODES.INVALID_TOKEN)
}

/** Whatever was mailed to a user before the password or the address changed is of no use afterwards. */
export async function endLinks(adapter: Adapter, { id, email }: { id: string; email: string }): Promise<void> {
  const current = await getCurrentAdapter(adapter)
  const values = [LINK_VALUES.reset(id), LINK_VALUES.deletion(id), LINK_VALUES.verify(id, email)]
  await current.deleteMany({ model: 'verification', where: [{ field: 'value', operator: 'in', value: values }] })
  await current.deleteMany({
    model: 'verification',
    where: [{ field: 'value', operator: 'starts_with', value: changesOf(id) }],
  })
  await endSignIns(adapter, { id, email })
}

/** A mail to sign in with has a link and a code: who has used one needs the other no more. */
export async function endSignIns(adapter: Adapter, { id, email }: { id: string; email: string }): Promise<void> {
  const current = await getCurrentAdapter(adapter)
  await current.deleteMany({
    model: 'verification',
    where: [{ field: 'value', value: LINK_VALUES.signIn(id, email) }],
  })
  await current.deleteMany({
    model: 'verification',
    where: [{ field: 'value', operator: 'starts_with', value: codesOf(id) }],
  })
}

export function readVerification(value: string): { userId: string; email: string } {
  const [, userId, email] = /^verify-email:([^:]+):(.+)$/.exec(value) ?? []
  if (userId === undefined || email === undefined) throw invalidLink()
  return { userId, email }
}

export function readChange(value: string): { userId: string; change: EmailChange } {
  const [, userId, change] = /^change-email:([^:]+):(\{.+\})$/.exec(value) ?? []
  if (userId === undefined || change === undefined) throw invalidLink()
  return { userId, change: JSON.parse(change) as EmailChange }
}
