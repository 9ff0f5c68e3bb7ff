import type { LegacyKeys } from './formats/keyed.ts'
import { readStored, type UnreadableForm } from './forms.ts'
import { bareDigest, type Digest, type Maker, ofHex } from './recognise-digest.ts'
import { repaired } from './repair.ts'

/**
 * What another system's password column holds, as `account.password` takes it. `weak`: guessed in no time. `digest`: too, and
 * `envelope` and the argon2id of `digest` together are what is written. Each with its format, for totals.
 */
export type Recognised =
  | { kind: 'none' }
  | { kind: 'hash' | 'weak'; hash: string; format: string; isRepaired: boolean }
  | { kind: 'digest'; envelope: string; digest: string; format: string; isRepaired: boolean }
  | { kind: 'refused'; why: 'unknown' | 'cut' | 'limits' }

/** `isSalted`: its salt is kept elsewhere. */
type Given = { maker: Maker; isSalted?: boolean; keyNumber?: string; keys?: LegacyKeys }

/** Reads by the same expressions and bounds as a sign-in will: what is taken here can be verified then. */
export function recognise(
  raw: string | null,
  { maker, isSalted = false, keyNumber = '1', keys = new Map() }: Given,
): Recognised {
  if (isNone(raw)) return { kind: 'none' }
  const { text, isRepaired } = repaired(raw)
  if (isNone(text)) return { kind: 'none' }
  if (isSalted && ofHex(text) !== undefined) return { kind: 'refused', why: 'unknown' }
  const digest = bareDigest(text, maker)
  if (digest !== undefined) return wrapping(digest, maker, isRepaired)
  const hash = enveloped(withoutPrefix(text), maker, keyNumber, keys)
  const read = readStored(hash, keys)
  if (typeof read === 'string') return { kind: 'refused', why: whyNot(text, read) }
  const isWeak = read.format.endsWith('md5-crypt')
  return { kind: isWeak ? 'weak' : 'hash', hash, format: read.format, isRepaired }
}

/** Django marks what can never be typed with `!`, as /etc/shadow does; others with `*`. MySQL's own digests begin with it. */
function isNone(text: string | null): text is null {
  return text === null || text.trim() === '' || /^(?:!|\*(?![0-9a-f]{40}$))/i.test(text.trim())
}

function wrapping({ spec, digest }: Digest, maker: Maker, isRepaired: boolean): Recognised {
  const envelope = spec === '' ? '' : `old:${maker === 'wordpress' ? 'wordpress' : 'wrapped'}:${spec}`
  const format = spec === '' ? 'plain text' : `${spec.split(':').slice(0, 2).join('-')} digest`
  return { kind: 'digest', envelope, digest, format, isRepaired }
}

/** Django writes `argon2` before the PHC string, LDAP `{CRYPT}` before crypt(3)'s. */
function withoutPrefix(text: string): string {
  if (text.startsWith('argon2$argon2')) return text.slice('argon2'.length)
  return text.replace(/^\{(?:CRYPT|BCRYPT|ARGON2)\}(?=\$)/i, '')
}

/** Only what the maker did itself gets its envelope: what came from elsewhere before is verified as it is. */
function enveloped(text: string, maker: Maker, keyNumber: string, keys: LegacyKeys): string {
  if (maker === 'wordpress') return text.startsWith('$wp$') ? text : `old:wordpress:${text}`
  if (maker === 'flask-security') return `old:flask-security:${keyNumber}:${text}`
  return maker === 'devise' && keys.has(keyNumber) ? `old:devise:${keyNumber}:${text}` : text
}

const CUT = /^\$2[abxy]?\$\d{0,2}(?:\$[./A-Za-z0-9]{0,52})?$|^\$argon2(?:id|i|d)\$[^$]*(?:\$[^$]*){0,2}$/

function whyNot(text: string, form: UnreadableForm): 'unknown' | 'cut' | 'limits' {
  if (CUT.test(text)) return 'cut'
  // A hasher of the app's own, such as Django's pbkdf2_wrapped_sha1.
  if (/^pbkdf2_(?!sha(?:1|256)\$)\w+\$/.test(text)) return 'unknown'
  return form === 'an unknown form' || form === 'an older form whose key is missing' ? looked(text) : 'limits'
}

/** Inside of an envelope the form is not named. */
function looked(text: string): 'unknown' | 'limits' {
  return /^(?:\$(?:2[abxy]?|argon2\w+|pbkdf2[\w-]*|scrypt|bcrypt-sha256|[156]|P|H)\$|pbkdf2|scrypt|bcrypt)/.test(text)
    ? 'limits'
    : 'unknown'
}
