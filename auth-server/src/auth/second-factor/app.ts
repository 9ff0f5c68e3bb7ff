import { createHash } from 'node:crypto'
import { getCurrentAdapter } from '@better-auth/core/context'
import { APIError, type GenericEndpointContext } from 'better-auth'
import { symmetricDecrypt, symmetricEncrypt } from 'better-auth/crypto'
import { TWO_FACTOR_ERROR_CODES } from 'better-auth/plugins/two-factor'
import type { RateLimitStorage } from '../rate-limit.ts'
import { backupCodeOf, isTotpOf } from './codes.ts'

const MODEL = 'twoFactor'
/** Of one user, whoever tries and from wherever. Backup codes are not counted: see codes.ts. */
export const LOCK = { window: 15 * 60, max: 10 }
/** As long as a code is accepted, and some more: within it no code is accepted again. */
const ONCE = { window: 150, max: 1 }

type App = { id: string; secret: string; backupCodes: string; verified: boolean | null }

/** What better-auth's plugin keeps of a user's authenticator app: the secret and the backup codes, both encrypted. */
export async function findApp({ context }: GenericEndpointContext, userId: string): Promise<App | undefined> {
  const found = await context.adapter.findOne<App>({ model: MODEL, where: [{ field: 'userId', value: userId }] })
  return found ?? undefined
}

export async function deleteApp({ context }: GenericEndpointContext, userId: string): Promise<void> {
  const adapter = await getCurrentAdapter(context.adapter)
  await adapter.deleteMany({ model: MODEL, where: [{ field: 'userId', value: userId }] })
}

export async function confirmApp({ context }: GenericEndpointContext, { id }: App): Promise<void> {
  const adapter = await getCurrentAdapter(context.adapter)
  await adapter.update({ model: MODEL, update: { verified: true }, where: [{ field: 'id', value: id }] })
}

/** Begins to count again: the right code was given, or the password is another. */
export const lockOf = (userId: string) => `second-factor|${userId}`

/**
 * Throws INVALID_CODE or ACCOUNT_TEMPORARILY_LOCKED. It is counted before it is looked at, so any number of attempts at once are that
 * many; and so is the code, which is right once (RFC 6238 §5.2).
 */
export async function useTotp(
  ctx: GenericEndpointContext,
  limits: RateLimitStorage,
  { userId, app, code }: { userId: string; app: App; code: string },
): Promise<void> {
  const lock = await limits.consume(lockOf(userId), LOCK)
  if (!lock.allowed) throw locked(lock.retryAfter ?? LOCK.window)
  const used = createHash('sha256').update(`${userId}|${app.id}|${code}`).digest('base64url')
  const isFirst = (await limits.consume(`second-factor|code|${used}`, ONCE)).allowed
  const secret = await symmetricDecrypt({ key: ctx.context.secretConfig, data: app.secret })
  if (!isFirst || !isTotpOf(secret, code)) throw APIError.from('UNAUTHORIZED', TWO_FACTOR_ERROR_CODES.INVALID_CODE)
  await limits.forget(lockOf(userId))
}

function locked(seconds: number): Error {
  const { ACCOUNT_TEMPORARILY_LOCKED } = TWO_FACTOR_ERROR_CODES
  return new APIError('TOO_MANY_REQUESTS', ACCOUNT_TEMPORARILY_LOCKED, { 'retry-after': String(seconds) })
}

/** Throws INVALID_BACKUP_CODE. Of any number of requests with one code, one gets past this. */
export async function useBackupCode(ctx: GenericEndpointContext, userId: string, typed: string): Promise<void> {
  const { context } = ctx
  const code = backupCodeOf(typed)
  for (;;) {
    const app = await findApp(ctx, userId)
    const left = app ? await backupCodesOf(ctx, app) : []
    if (!app || !left.includes(code)) throw APIError.from('UNAUTHORIZED', TWO_FACTOR_ERROR_CODES.INVALID_BACKUP_CODE)
    const data = JSON.stringify(left.filter((other) => other !== code))
    const isWritten = await context.adapter.incrementOne({
      model: MODEL,
      where: [
        { field: 'id', value: app.id },
        { field: 'backupCodes', value: app.backupCodes },
      ],
      increment: {},
      set: { backupCodes: await symmetricEncrypt({ key: context.secretConfig, data }) },
    })
    // Otherwise another code was used in between, or new ones were made: look again.
    if (isWritten) return
  }
}

/** Those that are not used yet. */
export async function backupCodesOf({ context }: GenericEndpointContext, { backupCodes }: App): Promise<string[]> {
  return JSON.parse(await symmetricDecrypt({ key: context.secretConfig, data: backupCodes })) as string[]
}
