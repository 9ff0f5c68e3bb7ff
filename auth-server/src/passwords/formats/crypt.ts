import { isBetween, PHPASS_COSTS, SHA_CRYPT_ROUNDS } from '../limits.ts'
import type { Loop } from '../loops/compute.ts'
import { computeInThread } from '../loops/thread.ts'
import { CRYPT_64 } from './encodings.ts'
import { isSame, type StoredHash, utf8 } from './format.ts'

/** Where `rounds=` is missing: https://www.akkadia.org/drepper/SHA-crypt.txt */
const DEFAULT_ROUNDS = 5000

/** Milliseconds of one core for 1,000 digests. */
const MS_FOR_1000 = 2.6

/** C's functions stop at NUL: what is behind it would count here and not there. */
function looping(format: string, rounds: number, loop: Loop, hash: string): StoredHash {
  return {
    format,
    costMs: (rounds / 1000) * MS_FOR_1000,
    verify: async (password) =>
      !password.includes('\0') && isSame(utf8(await computeInThread(utf8(password), loop)), utf8(hash)),
  }
}

/** `$5$` and `$6$` of crypt(3), with or without `rounds=`. */
export function readShaCrypt(text: string): StoredHash | undefined {
  const pattern = /^\$([56])\$(?:rounds=([1-9]\d{0,8})\$)?([^$:\n]{0,16})\$([./0-9A-Za-z]{43}|[./0-9A-Za-z]{86})$/
  const [, kind, given, salt = '', hash = ''] = pattern.exec(text) ?? []
  const rounds = Number(given ?? DEFAULT_ROUNDS)
  if (kind === undefined || hash.length !== (kind === '5' ? 43 : 86) || !isBetween(rounds, SHA_CRYPT_ROUNDS)) return
  const digest = kind === '5' ? 'sha256' : 'sha512'
  return looping(`${digest}-crypt`, rounds, { kind: 'sha-crypt', digest, rounds, salt }, hash)
}

/** `$1$` of crypt(3), `$apr1$` of Apache. */
export function readMd5Crypt(text: string): StoredHash | undefined {
  const [, magic, salt = '', hash = ''] = /^(\$1\$|\$apr1\$)([^$:\n]{0,8})\$([./0-9A-Za-z]{22})$/.exec(text) ?? []
  if (magic !== '$1$' && magic !== '$apr1$') return undefined
  return looping('md5-crypt', 1000, { kind: 'md5-crypt', magic, salt }, hash)
}

/** `$P$` and `$H$`: a character for the cost, eight of salt, the hash. */
export function readPhpass(text: string): StoredHash | undefined {
  const [, letter, salt = '', hash = ''] =
    /^\$[PH]\$([./0-9A-Za-z])([./0-9A-Za-z]{8})([./0-9A-Za-z]{22})$/.exec(text) ?? []
  const cost = letter === undefined ? -1 : CRYPT_64.indexOf(letter)
  if (!isBetween(cost, PHPASS_COSTS)) return undefined
  return looping('phpass', 2 ** cost, { kind: 'phpass', cost, salt }, hash)
}
