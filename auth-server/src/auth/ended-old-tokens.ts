import type { OldTokens } from '../old-tokens/old-tokens.ts'
import type { Body, Endpoint } from './endpoint.ts'
import type { Observed } from './observation.ts'

type Handled = { endpoint: Endpoint; body: Body | undefined; observed: Observed }

/**
 * Whoever ends all sessions of a user means the old tokens too, wherever they are. After the sessions have ended, and before the response
 * says so. What better-auth has ended counts, whatever it responds then: it may have failed at something that came after.
 */
export function endOldTokensWithSessions({ endAll }: Pick<OldTokens, 'endAll'>) {
  return async function endThem(response: Response, handled: Handled): Promise<void> {
    const userId = endedUser(response, handled)
    if (userId !== undefined) await endAll(userId, handled.observed.presentedSession?.id)
  }
}

function endedUser({ status }: Response, { endpoint, body, observed }: Handled): string | undefined {
  if (observed.endedFor !== undefined || status >= 300) return observed.endedFor
  if (endpoint.endsOthers) return observed.presentedSession?.userId
  // Named in the body: an administrator sets the password.
  const isSet = endpoint.password === 'changed' && endpoint.unknownUser !== undefined
  return isSet ? String(body?.userId) : undefined
}
