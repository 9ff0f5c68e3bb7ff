import { sign } from 'node:crypto'
import type { AppleKey } from '../../env-providers.ts'

const SECONDS = 5 * 60

/**
 * Apple's client secret: a token (JWT, ES256) that the client's own key signs. Made for each request, so that none runs out:
 * Apple takes one for at most six months.
 */
export function appleSecret(clientId: string, { teamId, keyId, key }: AppleKey, now = Date.now()): string {
  const iat = Math.floor(now / 1000)
  const claims = { iss: teamId, iat, exp: iat + SECONDS, aud: 'https://appleid.apple.com', sub: clientId }
  const signed = [{ alg: 'ES256', kid: keyId }, claims]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.')
  const signature = sign('sha256', Buffer.from(signed), { key, dsaEncoding: 'ieee-p1363' })
  return `${signed}.${signature.toString('base64url')}`
}
