import type { AuthContext } from 'better-auth'
import { getAuthStateVerificationIdentifier } from 'better-auth'

type Verifications = Pick<AuthContext['internalAdapter'], 'findVerificationValue' | 'consumeVerificationValue'>

const OF_STATE = getAuthStateVerificationIdentifier('')

/**
 * A sign-in at a provider comes back once. better-auth reads its state, and deletes it later: of callbacks at the same time, each
 * would get past it, and only the provider would be left to refuse the code.
 */
export function takeStatesOnce(internalAdapter: Verifications): void {
  const { findVerificationValue } = internalAdapter
  internalAdapter.findVerificationValue = async (identifier) =>
    identifier.startsWith(OF_STATE)
      ? internalAdapter.consumeVerificationValue(identifier)
      : findVerificationValue(identifier)
}
