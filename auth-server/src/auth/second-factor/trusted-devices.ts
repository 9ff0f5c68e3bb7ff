import { createHash, randomBytes } from 'node:crypto'
import { getCurrentAdapter } from '@better-auth/core/context'
import type { BetterAuthPlugin, GenericEndpointContext } from 'better-auth'
import { APIError, createAuthEndpoint, sessionMiddleware } from 'better-auth/api'
import { z } from 'zod'
import { readCandidates } from '../../sessions/cookies.ts'

const DAYS = 30
const MAX_AGE_SECONDS = DAYS * 24 * 60 * 60
/** Several users of one browser, each with a device of their own in the cookie. */
const MAX_TOKENS = 4
const COOKIE = 'trusted_device'
const MODEL = 'trustedDevice'

type Device = { id: string; userId: string; tokenHash: string; userAgent: string; createdAt: Date; expiresAt: Date }

/** The devices on which a second factor was shown, and is not asked for again for a while. The token is in the browser alone. */
export const TRUSTED_DEVICES = {
  [MODEL]: {
    fields: {
      userId: { type: 'string', required: true, references: { model: 'user', field: 'id' }, index: true },
      tokenHash: { type: 'string', required: true, unique: true },
      userAgent: { type: 'string', required: true },
      createdAt: { type: 'date', required: true },
      expiresAt: { type: 'date', required: true, index: true },
    },
  },
} as const satisfies BetterAuthPlugin['schema']

/** When the second factor was shown on this device; undefined: it is none that this user trusts. */
export async function trustedSince(ctx: GenericEndpointContext, userId: string): Promise<Date | undefined> {
  const devices = await devicesOf(ctx, userId)
  return devices.find(({ tokenHash }) => presented(ctx).includes(tokenHash))?.createdAt
}

/** After the second factor was shown, and the user asked for it. */
export async function trustDevice(ctx: GenericEndpointContext, userId: string): Promise<void> {
  const token = randomBytes(32).toString('base64url')
  const now = Date.now()
  await ctx.context.adapter.create<Record<string, unknown>>({
    model: MODEL,
    data: {
      userId,
      tokenHash: hashOf(token),
      userAgent: ctx.headers?.get('user-agent') ?? '',
      createdAt: new Date(now),
      expiresAt: new Date(now + MAX_AGE_SECONDS * 1000),
    },
  })
  const { name, attributes } = ctx.context.createAuthCookie(COOKIE, { maxAge: MAX_AGE_SECONDS })
  ctx.setCookie(name, [token, ...tokensOf(ctx)].slice(0, MAX_TOKENS).join('.'), attributes)
}

export async function forgetDevices({ context }: GenericEndpointContext, userId: string): Promise<void> {
  const adapter = await getCurrentAdapter(context.adapter)
  await adapter.deleteMany({ model: MODEL, where: [{ field: 'userId', value: userId }] })
}

/** For the account page: no token, and no hash of one. */
export async function listDevices(ctx: GenericEndpointContext, userId: string) {
  const devices = await devicesOf(ctx, userId)
  const own = presented(ctx)
  return devices
    .toSorted((one, other) => other.createdAt.getTime() - one.createdAt.getTime())
    .map(({ id, userAgent, createdAt, expiresAt, tokenHash }) => ({
      ...{ id, userAgent, createdAt, expiresAt },
      isCurrent: own.includes(tokenHash),
    }))
}

const NOT_FOUND = { code: 'TRUSTED_DEVICE_NOT_FOUND', message: 'There is no such device.' }

export const forgetDevice = () =>
  createAuthEndpoint(
    '/two-factor/forget-device',
    { method: 'POST', use: [sessionMiddleware], body: z.object({ id: z.string().max(64) }) },
    async (ctx) => {
      const deleted = await ctx.context.adapter.deleteMany({
        model: MODEL,
        where: [
          { field: 'id', value: ctx.body.id },
          { field: 'userId', value: ctx.context.session.user.id },
        ],
      })
      if (deleted === 0) throw APIError.from('NOT_FOUND', NOT_FOUND)
      return ctx.json({ status: true })
    },
  )

async function devicesOf({ context }: GenericEndpointContext, userId: string): Promise<Device[]> {
  const devices = await context.adapter.findMany<Device>({ model: MODEL, where: [{ field: 'userId', value: userId }] })
  return devices.filter(({ expiresAt }) => expiresAt.getTime() > Date.now())
}

function tokensOf({ context, headers }: GenericEndpointContext): string[] {
  const { name } = context.createAuthCookie(COOKIE)
  const [value = ''] = readCandidates(headers?.get('cookie') ?? '', name).values
  return value.split('.').slice(0, MAX_TOKENS)
}

const presented = (ctx: GenericEndpointContext) => tokensOf(ctx).map(hashOf)
const hashOf = (token: string) => createHash('sha256').update(token).digest('base64url')
