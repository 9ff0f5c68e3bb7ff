import { readArgon2 } from './formats/argon2.ts'
import { readBcrypt, readDjangoBcrypt, readPasslibBcrypt, readWordPressBcrypt } from './formats/bcrypt.ts'
import { readBetterAuth } from './formats/better-auth.ts'
import { readMd5Crypt, readPhpass, readShaCrypt } from './formats/crypt.ts'
import type { Read, StoredHash } from './formats/format.ts'
import { type LegacyKeys, readKeyed } from './formats/keyed.ts'
import { readDjangoPbkdf2, readKeycloakPbkdf2, readPasslibPbkdf2, readWerkzeugPbkdf2 } from './formats/pbkdf2.ts'
import { readDjangoScrypt, readPasslibScrypt, readSupabaseFirebase, readWerkzeugScrypt } from './formats/scrypt.ts'
import { asWordPress } from './formats/wordpress.ts'
import { readWrapped } from './formats/wrapped.ts'
import { MAX_STORED_LENGTH } from './limits.ts'

/** What is stored and is nobody's password: by its looks, for the log. Never with anything of the value. */
export type UnreadableForm =
  | 'argon2 that is malformed'
  | 'argon2 beyond our limits'
  | 'bcrypt'
  | 'pbkdf2'
  | 'scrypt'
  | 'crypt(3)'
  | 'a bare digest'
  | 'an older form whose key is missing'
  | 'an unknown form'

/** They say themselves what they are, and one of them at most can read a text. */
const FORMS: Read[] = [
  readBetterAuth,
  (text) => readBcrypt(text),
  readDjangoBcrypt,
  readPasslibBcrypt,
  readWordPressBcrypt,
  readDjangoPbkdf2,
  readWerkzeugPbkdf2,
  readPasslibPbkdf2,
  readDjangoScrypt,
  readWerkzeugScrypt,
  readPasslibScrypt,
  readSupabaseFirebase,
  readShaCrypt,
  readMd5Crypt,
  readPhpass,
]

/** `old:SCHEME:`: where the text alone would not say which system made it. An import writes it. */
const ENVELOPE = /^old:([a-z-]{1,20}):(.*)$/s
const KEYED = ['flask-security', 'devise', 'firebase']

/** Reads what `account.password` holds. It is input: within limits, or it is not computed at all. */
export function readStored(text: string, keys: LegacyKeys): StoredHash | UnreadableForm {
  if (text.length > MAX_STORED_LENGTH) return 'an unknown form'
  const [, scheme, rest = ''] = ENVELOPE.exec(text) ?? []
  if (scheme !== undefined && KEYED.includes(scheme)) {
    return readKeyed(scheme, rest, keys, readPlain) ?? 'an older form whose key is missing'
  }
  if (scheme !== undefined) return readEnvelope(scheme, rest) ?? 'an unknown form'
  return readOwnForm(text) ?? unreadable(text)
}

function readEnvelope(scheme: string, rest: string): StoredHash | undefined {
  if (scheme === 'keycloak') return readKeycloakPbkdf2(rest)
  if (scheme === 'wrapped') return readWrapped(rest)
  if (scheme !== 'wordpress') return undefined
  const inner = readPlain(rest) ?? readEnvelope('wrapped', rest)
  return inner && asWordPress(inner)
}

function readPlain(text: string): StoredHash | undefined {
  const read = readOwnForm(text)
  return typeof read === 'object' ? read : undefined
}

function readOwnForm(text: string): StoredHash | UnreadableForm | undefined {
  if (text.startsWith('$argon2')) {
    const read = readArgon2(text)
    if (typeof read === 'object') return read
    return read === 'malformed' ? 'argon2 that is malformed' : 'argon2 beyond our limits'
  }
  for (const read of FORMS) {
    const found = read(text)
    if (found) return found
  }
  return undefined
}

const LOOKS: [RegExp, UnreadableForm][] = [
  [/^\$2[abxy]?\$|bcrypt/, 'bcrypt'],
  [/pbkdf2/i, 'pbkdf2'],
  [/scrypt|^\$7\$/i, 'scrypt'],
  [/^\$(?:1|5|6|y|gy|apr1|sha1|md5)\$/, 'crypt(3)'],
  [/^(?:[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{56}|[0-9a-f]{64}|[0-9a-f]{96}|[0-9a-f]{128})$/i, 'a bare digest'],
]

function unreadable(text: string): UnreadableForm {
  return LOOKS.find(([pattern]) => pattern.test(text))?.[1] ?? 'an unknown form'
}
