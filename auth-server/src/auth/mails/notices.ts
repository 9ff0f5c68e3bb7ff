import type { EventType, NewEvent, Origin } from '../../audit/events.ts'
import { isNoticedChange, type NoticedChange } from '../../mail/kinds.ts'
import { deviceOf } from '../../sessions/device.ts'
import type { NewMail } from './mails.ts'

type Owner = { id: string; email: string; emailVerified: boolean }
/** `origin`: of the request that did it; undefined where it is not the user's. */
type Cause = { event: NewEvent; origin: Origin | undefined }

/** Of what is recorded, what its owner is told by mail. The rest has a mail of its own, or is no news. */
export function isNoticed({ type, details }: NewEvent): boolean {
  return isNoticedChange(type) || (type === 'signed-in' && details?.newDevice === true)
}

/** Written with what is recorded, so that an owner who did not do it learns of it. */
export function noticeOf({ event, origin }: Cause, { id: userId, email: recipient, emailVerified }: Owner): NewMail {
  const from = { ...deviceIn(origin), ...(origin && { ipAddress: origin.ipAddress }) }
  if (!isNoticedChange(event.type)) return { kind: 'new-sign-in', recipient, userId, data: from }
  // A name is the user's to choose. Whose address an unconfirmed one is, nobody knows: it would be a message to a stranger.
  const name = emailVerified ? nameIn(event) : undefined
  const data = { change: event.type satisfies NoticedChange & EventType, ...(name && { name }), ...from }
  return { kind: 'security-changed', recipient, userId, data }
}

function deviceIn(origin: Origin | undefined): Record<string, string> {
  const { browser, system } = deviceOf(origin?.userAgent ?? null)
  return { ...(browser && { browser }), ...(system && { system }) }
}

/** Of a passkey; or the id of a provider, which is the operator's to choose. */
function nameIn({ details }: NewEvent): string | undefined {
  if (details && 'provider' in details) return details.provider
  return details && 'name' in details ? (details.name ?? undefined) : undefined
}
