import type { OldTokens } from '../old-tokens/old-tokens.ts'
import type { Body, Endpoint } from './endpoint.ts'
import type { Observed } from './observation.ts'

type Handled = { endpoint: Endpoint; body: Body | undefined; observed: Observed }

/**
 * Whoever ends all sessions of a user means the old tokens too, wherever they are. After the sessions have ended, and before the response
 * says so.
 */
export function endOldTokensWithSessions({ endAll }: Pick<OldTokens, 'endAll'>) {
  return async function endThem(response: Response, handled: Handled): Promise<void> {
    const userId = response.status < 300 ? endedUser(handled) : undefined
    if (userId !== undefined) await endAll(userId, handled.observed.presentedSession?.id)
  }
}

function endedUser({ endpoint, body, observed }: Handled): string | undefined {
  if (endpoint.endsOthers) return observed.presentedSession?.userId
  // Named in the body: an administrator sets the password.
  const isSet = endpoint.password === 'changed' && endpoint.unknownUser !== undefined
  return isSet ? String(body?.userId) : observed.endedFor
}
