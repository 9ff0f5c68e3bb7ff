import { pbkdf2 } from 'node:crypto'
import { promisify } from 'node:util'
import { INTEGER, PBKDF2_ITERATIONS } from '../limits.ts'
import { fromAdaptedBase64, fromBase64, fromHex } from './encodings.ts'
import { isSame, type StoredHash, utf8 } from './format.ts'

const derive = promisify(pbkdf2)

type Digest = 'sha1' | 'sha256' | 'sha512'
type Parts = { format: string; digest: Digest; iterations: number; salt: Buffer; key: Buffer | undefined }

const LENGTHS: Record<Digest, number> = { sha1: 20, sha256: 32, sha512: 64 }

/** Milliseconds for 1,000 iterations. */
const COSTS: Record<Digest, number> = { sha1: 0.18, sha256: 0.17, sha512: 0.37 }

function reading({ format, digest, iterations, salt, key }: Parts): StoredHash | undefined {
  if (key === undefined || salt.length === 0 || !isKeyLength(key.length, digest)) return undefined
  // The key is made of blocks, each of which takes all iterations.
  const rounds = iterations * Math.ceil(key.length / LENGTHS[digest])
  if (rounds < 1 || rounds > PBKDF2_ITERATIONS) return undefined
  return {
    format,
    costMs: (rounds / 1000) * COSTS[digest],
    verify: async (password) => isSame(await derive(utf8(password), salt, iterations, key.length, digest), key),
  }
}

/** A shorter one would be found sooner. Keycloak writes 64 bytes whatever the digest. */
function isKeyLength(length: number, digest: Digest): boolean {
  return length === LENGTHS[digest] || length === 64
}

/** `pbkdf2_sha256$iterations$salt$base64`: the salt is text. */
export function readDjangoPbkdf2(text: string): StoredHash | undefined {
  const pattern = new RegExp(String.raw`^pbkdf2_(sha1|sha256)\$${INTEGER}\$([^$]{1,128})\$([A-Za-z0-9+/=]+)$`)
  const [, digest, iterations, salt = '', key = ''] = pattern.exec(text) ?? []
  if (digest === undefined) return undefined
  const parts = { digest: digest as Digest, iterations: Number(iterations), salt: utf8(salt), key: fromBase64(key) }
  return reading({ format: 'django-pbkdf2', ...parts })
}

/** `pbkdf2:sha256:iterations$salt$hex`: the salt is text. */
export function readWerkzeugPbkdf2(text: string): StoredHash | undefined {
  const pattern = new RegExp(String.raw`^pbkdf2:(sha1|sha256|sha512):${INTEGER}\$([^$]{1,128})\$([0-9a-f]+)$`)
  const [, digest, iterations, salt = '', key = ''] = pattern.exec(text) ?? []
  if (digest === undefined) return undefined
  const parts = { digest: digest as Digest, iterations: Number(iterations), salt: utf8(salt), key: fromHex(key) }
  return reading({ format: 'werkzeug-pbkdf2', ...parts })
}

/** `$pbkdf2-sha256$iterations$salt$key`, and `$pbkdf2$` for SHA-1: the salt is bytes. */
export function readPasslibPbkdf2(text: string): StoredHash | undefined {
  const pattern = new RegExp(
    String.raw`^\$pbkdf2(?:-(sha256|sha512))?\$${INTEGER}\$([./A-Za-z0-9]+)\$([./A-Za-z0-9]+)$`,
  )
  const found = pattern.exec(text)
  if (!found) return undefined
  const [, digest = 'sha1', iterations, salt = '', key = ''] = found
  const bytes = fromAdaptedBase64(salt)
  const parts = { digest: digest as Digest, iterations: Number(iterations), key: fromAdaptedBase64(key) }
  return bytes && reading({ format: 'passlib-pbkdf2', salt: bytes, ...parts })
}

/** `old:keycloak:sha512:iterations:salt:key`, both in base64: Keycloak keeps them in JSON. */
export function readKeycloakPbkdf2(text: string): StoredHash | undefined {
  const pattern = new RegExp(`^(sha1|sha256|sha512):${INTEGER}:([A-Za-z0-9+/=]+):([A-Za-z0-9+/=]+)$`)
  const [, digest, iterations, salt = '', key = ''] = pattern.exec(text) ?? []
  const bytes = fromBase64(salt)
  if (digest === undefined || bytes === undefined) return undefined
  const parts = { digest: digest as Digest, iterations: Number(iterations), key: fromBase64(key) }
  return reading({ format: 'keycloak-pbkdf2', salt: bytes, ...parts })
}
