import { createCipheriv, type ScryptOptions, scrypt } from 'node:crypto'
import { INTEGER, SCRYPT_LIMITS } from '../limits.ts'
import { fromAdaptedBase64, fromBase64, fromHex } from './encodings.ts'
import { isSame, type StoredHash, utf8 } from './format.ts'

type Cost = { n: number; r: number; p: number }
type Parts = { format: string; cost: Cost; salt: Buffer; key: Buffer | undefined }

/** Of N · r · p, from 80 ms at Werkzeug's 32768:8:1. */
const MS_FOR_NRP = 80 / (32_768 * 8)

const [MIN_KEY, MAX_KEY] = [16, 64]

function derive(password: string, salt: Buffer, length: number, { n, r, p }: Cost): Promise<Buffer> {
  // Node's own bound, 32 MiB, is below what Werkzeug writes.
  const options: ScryptOptions = { N: n, r, p, maxmem: SCRYPT_LIMITS.bytes * 2 }
  return new Promise((resolve, reject) => {
    scrypt(utf8(password), salt, length, options, (error, key) => (error ? reject(error) : resolve(key)))
  })
}

function isAffordable({ n, r, p }: Cost): boolean {
  const isPowerOfTwo = n > 1 && (n & (n - 1)) === 0
  const { n: maxN, r: maxR, p: maxP, bytes } = SCRYPT_LIMITS
  return isPowerOfTwo && n <= maxN && r >= 1 && r <= maxR && p >= 1 && p <= maxP && 128 * n * r <= bytes
}

function reading({ format, cost, salt, key }: Parts): StoredHash | undefined {
  if (!isAffordable(cost) || key === undefined || key.length < MIN_KEY || key.length > MAX_KEY) return undefined
  const verify = async (password: string) => isSame(await derive(password, salt, key.length, cost), key)
  return { format, costMs: costOf(cost), verify }
}

const costOf = ({ n, r, p }: Cost) => n * r * p * MS_FOR_NRP

/** `scrypt$N$salt$r$p$base64`, in this order: the salt is text. */
export function readDjangoScrypt(text: string): StoredHash | undefined {
  const pattern = new RegExp(String.raw`^scrypt\$${INTEGER}\$([^$]{1,128})\$${INTEGER}\$${INTEGER}\$([A-Za-z0-9+/=]+)$`)
  const [, n, salt = '', r, p, key = ''] = pattern.exec(text) ?? []
  if (n === undefined) return undefined
  const cost = { n: Number(n), r: Number(r), p: Number(p) }
  return reading({ format: 'django-scrypt', cost, salt: utf8(salt), key: fromBase64(key) })
}

/** `scrypt:N:r:p$salt$hex`: the salt is text. */
export function readWerkzeugScrypt(text: string): StoredHash | undefined {
  const pattern = new RegExp(String.raw`^scrypt:${INTEGER}:${INTEGER}:${INTEGER}\$([^$]{1,128})\$([0-9a-f]+)$`)
  const [, n, r, p, salt = '', key = ''] = pattern.exec(text) ?? []
  if (n === undefined) return undefined
  const cost = { n: Number(n), r: Number(r), p: Number(p) }
  return reading({ format: 'werkzeug-scrypt', cost, salt: utf8(salt), key: fromHex(key) })
}

/** `$scrypt$ln=16,r=8,p=1$salt$key`: ln is log2 of N, the salt is bytes. */
export function readPasslibScrypt(text: string): StoredHash | undefined {
  const pattern = /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,2}),p=(\d{1,2})\$([./+A-Za-z0-9]+)\$([./+A-Za-z0-9]+)$/
  const [, ln, r, p, salt = '', key = ''] = pattern.exec(text) ?? []
  const bytes = fromAdaptedBase64(salt)
  if (ln === undefined || bytes === undefined) return undefined
  const cost = { n: 2 ** Number(ln), r: Number(r), p: Number(p) }
  return reading({ format: 'passlib-scrypt', cost, salt: bytes, key: fromAdaptedBase64(key) })
}

type Firebase = { memCost: number; rounds: number; separator: string; salt: string; hash: string; signerKey: string }

/** Firebase's scrypt: the key is not compared, it encrypts the project's signer key. */
export function readFirebase({ memCost, rounds, ...texts }: Firebase): StoredHash | undefined {
  const cost = { n: 2 ** memCost, r: rounds, p: 1 }
  const [separator, salt, hash, signerKey] = [texts.separator, texts.salt, texts.hash, texts.signerKey].map(fromUrlSafe)
  if (!isAffordable(cost) || !separator || !salt || !hash || !signerKey?.length || hash.length !== signerKey.length) {
    return undefined
  }
  const verify = async (password: string) => {
    const key = await derive(password, Buffer.concat([salt, separator]), 64, cost)
    const cipher = createCipheriv('aes-256-ctr', key.subarray(0, 32), Buffer.alloc(16))
    return isSame(Buffer.concat([cipher.update(signerKey), cipher.final()]), hash)
  }
  return { format: 'firebase-scrypt', costMs: costOf(cost), verify }
}

/** Some of Firebase's tools write the alphabet of RFC 4648 §5. */
function fromUrlSafe(text: string): Buffer | undefined {
  return fromBase64(text.replaceAll('-', '+').replaceAll('_', '/'))
}

/** `$fbscrypt$v=1,n=14,r=8,p=1,ss=…,sk=…$salt$hash`: Supabase keeps the signer key in the row. */
export function readSupabaseFirebase(text: string): StoredHash | undefined {
  const pattern =
    /^\$fbscrypt\$v=1,n=(\d{1,2}),r=(\d{1,2}),p=1(?:,ss=([A-Za-z0-9+/=_-]*))?,sk=([A-Za-z0-9+/=_-]+)\$([A-Za-z0-9+/=_-]+)\$([A-Za-z0-9+/=_-]+)$/
  const [, n, r, separator = '', signerKey = '', salt = '', hash = ''] = pattern.exec(text) ?? []
  if (n === undefined) return undefined
  return readFirebase({ memCost: Number(n), rounds: Number(r), separator, salt, hash, signerKey })
}
