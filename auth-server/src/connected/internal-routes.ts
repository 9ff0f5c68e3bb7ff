import type { Context } from 'hono'
import { HttpError } from '../errors.ts'
import type { HttpEnv } from '../http/context.ts'
import type { AccessTokens } from './access-tokens.ts'

/** POST /internal/access-token, for a service that has checked who is calling it: contract/access-token.json */
export async function respondWithAccessToken(c: Context<HttpEnv>, accessTokens: AccessTokens): Promise<Response> {
  const { userId, service } = c.get('body') ?? {}
  if (!isText(userId) || !isText(service)) throw new HttpError('VALIDATION_ERROR')
  return c.json(await accessTokens.get(userId, service))
}

const isText = (value: unknown): value is string => typeof value === 'string' && value !== '' && value.length <= 255
