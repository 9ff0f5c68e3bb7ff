import type { AuthContext } from 'better-auth'
import type { Observation } from './observation.ts'

type Context = Pick<AuthContext, 'internalAdapter'>

/**
 * better-auth ends the sessions of whom an administrator bans, and never looks again. Banned in any other way (by SQL),
 * a person would keep using its routes: so no session of theirs is found, as long as the ban lasts.
 */
export async function hideBannedSessions(context: Promise<Context>, observation: Observation): Promise<void> {
  const { internalAdapter } = await context
  const { findSession } = internalAdapter
  internalAdapter.findSession = async (token) => {
    const found = await findSession(token)
    if (!found || !isBanned(found.user)) return found
    observation.noteBanned()
    return null
  }
}

/** Columns of the admin plugin. */
function isBanned({ banned, banExpires }: Record<string, unknown>): boolean {
  if (banned !== true) return false
  return !(banExpires instanceof Date) || banExpires > new Date()
}
