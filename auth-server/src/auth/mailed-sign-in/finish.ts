import { runWithTransaction } from '@better-auth/core/context'
import type { GenericEndpointContext } from 'better-auth'
import { getSessionFromCtx } from 'better-auth/api'
import { setSessionCookie } from 'better-auth/cookies'
import { parseUserOutput } from 'better-auth/db'
import { endSignIns, useLink } from '../mails/links.ts'
import type { Observation } from '../observation.ts'
import { claimAccount, endSignedIn } from './claim.ts'

export type Finishing = { observation: Pick<Observation, 'note' | 'current'> }

type Shown = {
  userId: string
  /** As the request names it: it has to be the user's. */
  email: string
  /** What is used up by this sign-in. */
  key: { identifier: string; value: string }
  refusal: () => Error
}

/** Of any number of requests with one link or code, one gets here past the first statement. The second factor comes after it. */
export async function finish(ctx: GenericEndpointContext, { observation }: Finishing, shown: Shown) {
  const { internalAdapter, adapter, options } = ctx.context
  const { userId, email, key, refusal } = shown
  const isTheirs = (await getSessionFromCtx(ctx))?.user.id === userId

  const claimed = await runWithTransaction(adapter, async () => {
    await useLink(internalAdapter, key.identifier, key.value).catch(() => {
      throw refusal()
    })
    const user = await internalAdapter.findUserById(userId)
    if (user?.email !== email) throw refusal()
    await endSignIns(adapter, user)
    if (user.emailVerified) return { user, isTakenOver: false, isPasswordGone: false }
    return claimAccount(ctx, { user, isTheirs, origin: observation.current?.origin })
  })

  if (claimed.isTakenOver) await endSignedIn(ctx, userId)
  const isShort = ctx.body.rememberMe === false
  const session = await internalAdapter.createSession(userId, isShort)
  await setSessionCookie(ctx, { session, user: claimed.user }, isShort)
  const user = parseUserOutput(options, claimed.user)
  return ctx.json({ token: session.token, user, isPasswordGone: claimed.isPasswordGone })
}
