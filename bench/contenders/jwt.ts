import { createHmac, generateKeyPairSync, randomBytes, sign } from 'node:crypto'

/** As in services/pyjwt_bearer.py. */
const ISSUER = 'https://bench.example.com'

export type SigningKeys = {
  /** For HS256. */
  secret: string
  /** Ed25519, its 32 bytes in hex. */
  publicKey: string
  hs256: string
  eddsa: string
}

/** Keys for this run, and a token for each: what an issuer would put into a user's access token. */
export function makeSigningKeys(): SigningKeys {
  const secret = randomBytes(32).toString('hex')
  const pair = generateKeyPairSync('ed25519')
  const { x = '' } = pair.publicKey.export({ format: 'jwk' })
  return {
    secret,
    publicKey: Buffer.from(x, 'base64url').toString('hex'),
    hs256: token('HS256', (text) => createHmac('sha256', secret).update(text).digest()),
    eddsa: token('EdDSA', (text) => sign(null, Buffer.from(text), pair.privateKey)),
  }
}

/** RFC 7519. */
function token(alg: string, signature: (text: string) => Buffer): string {
  const now = Math.floor(Date.now() / 1000)
  const claims = { iss: ISSUER, aud: ISSUER, sub: 'bench', email: 'bench@example.com', iat: now, exp: now + 3600 }
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const text = `${encode({ alg, typ: 'JWT' })}.${encode(claims)}`
  return `${text}.${signature(text).toString('base64url')}`
}
