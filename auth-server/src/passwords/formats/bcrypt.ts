import { createHash, createHmac } from 'node:crypto'
import { verify } from '@node-rs/bcrypt'
import { BCRYPT_COSTS, isBetween } from '../limits.ts'
import { type StoredHash, utf8 } from './format.ts'

/** `$2x$` marks hashes of a library with a fault that nothing here repeats. */
const BCRYPT = /^\$2[aby]\$(\d\d)\$[./A-Za-z0-9]{53}$/

/** The cut may fall inside of a character. */
const MAX_BYTES = 72

/** 54 ms at cost 10; each more doubles it. */
const MS_AT_COST_0 = 54 / 2 ** 10

/** bcrypt of what `prepare` makes of the password. */
export function readBcrypt(
  text: string,
  format = 'bcrypt',
  prepare: (password: string) => Buffer = utf8,
): StoredHash | undefined {
  const cost = Number(BCRYPT.exec(text)?.[1])
  if (!isBetween(cost, BCRYPT_COSTS)) return undefined
  return {
    format,
    costMs: MS_AT_COST_0 * 2 ** cost,
    verify: async (password) => {
      const bytes = prepare(password).subarray(0, MAX_BYTES)
      // C's libraries stop at NUL, ours does not: what is behind it would count here and not there.
      return !bytes.includes(0) && verify(bytes, text)
    },
  }
}

/** Django: `bcrypt$` before the hash, or `bcrypt_sha256$` and then of the hex digest. */
export function readDjangoBcrypt(text: string): StoredHash | undefined {
  const [, word, hash = ''] = /^(bcrypt|bcrypt_sha256)\$(\$.*)$/.exec(text) ?? []
  if (word === 'bcrypt') return readBcrypt(hash, 'django-bcrypt')
  if (word !== 'bcrypt_sha256') return undefined
  return readBcrypt(hash, 'django-bcrypt-sha256', (password) => Buffer.from(sha256(password).toString('hex')))
}

/** passlib: version 2 keys the digest with the salt, version 1 does not. */
export function readPasslibBcrypt(text: string): StoredHash | undefined {
  const second = /^\$bcrypt-sha256\$v=2,t=(2[aby]),r=(\d{1,2})\$([./A-Za-z0-9]{22})\$([./A-Za-z0-9]{31})$/.exec(text)
  const first = /^\$bcrypt-sha256\$(2[aby]),(\d{1,2})\$([./A-Za-z0-9]{22})\$([./A-Za-z0-9]{31})$/.exec(text)
  const [, type = '', cost = '', salt = '', digest = ''] = second ?? first ?? []
  const hash = `$${type}$${cost.padStart(2, '0')}$${salt}${digest}`
  return readBcrypt(hash, 'passlib-bcrypt-sha256', (password) => {
    const made = second ? createHmac('sha256', salt).update(utf8(password)).digest() : sha256(password)
    return Buffer.from(made.toString('base64'))
  })
}

/** WordPress since 6.8: `$wp` before bcrypt of a keyed digest, of the password without white space around it. */
export function readWordPressBcrypt(text: string): StoredHash | undefined {
  if (!text.startsWith('$wp$2y$')) return undefined
  return readBcrypt(text.slice(3), 'wordpress-bcrypt', (password) =>
    Buffer.from(createHmac('sha384', 'wp-sha384').update(utf8(password.trim())).digest('base64')),
  )
}

function sha256(password: string): Buffer {
  return createHash('sha256').update(utf8(password)).digest()
}
