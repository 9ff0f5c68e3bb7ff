import { readStored } from '../../passwords/forms.ts'
import type { Row, SourcePassword } from '../system.ts'
import { objectOf, textOf } from './values.ts'

const DIGESTS: Record<string, string> = { pbkdf2: 'sha1', 'pbkdf2-sha256': 'sha256', 'pbkdf2-sha512': 'sha512' }
const VERSIONS: Record<string, string> = { '1.3': '19', '1.0': '16' }

/** Of the credentials of a user the one that is a password. Since Keycloak 8 its parts are JSON in two texts. */
export function keycloakPassword(credentials: readonly Row[]): SourcePassword {
  const credential = credentials.find((entry) => entry.type === 'password')
  if (credential === undefined) return { kind: 'none' }
  const [secret, data] = [objectOf(credential.secretData), objectOf(credential.credentialData)]
  const value = textOf(secret.value) ?? textOf(credential.hashedSaltedValue)
  if (value === null) return { kind: 'none' }
  const algorithm = textOf(data.algorithm) ?? textOf(credential.algorithm) ?? ''
  const salt = textOf(secret.salt) ?? textOf(credential.salt) ?? ''
  const iterations = textOf(data.hashIterations) ?? textOf(credential.hashIterations) ?? ''
  if (algorithm !== 'argon2') return keycloakPbkdf2(DIGESTS[algorithm], iterations, salt, value)
  return read(argon2(objectOf(data.additionalParameters), iterations, salt, value))
}

/** Clerk has the same: salt and key in base64. `digest`: '' or undefined if it is none of pbkdf2's. */
export function keycloakPbkdf2(
  digest: string | undefined,
  iterations: string,
  salt: string,
  value: string,
): SourcePassword {
  return read(digest ? `old:keycloak:${digest}:${iterations}:${salt}:${value}` : undefined)
}

function read(stored: string | undefined): SourcePassword {
  if (stored === undefined) return { kind: 'refused', reason: 'hash-unknown' }
  const found = readStored(stored, new Map())
  return typeof found === 'string'
    ? { kind: 'refused', reason: 'hash-limits' }
    : { kind: 'hash', hash: stored, format: found.format }
}

/** Its parameters are lists of one text each. */
function argon2(parameters: Row, iterations: string, salt: string, value: string): string | undefined {
  const first = (name: string) => textOf(Array.isArray(parameters[name]) ? parameters[name][0] : parameters[name])
  const version = VERSIONS[first('version') ?? '1.3']
  const cost = `m=${first('memory')},t=${iterations},p=${first('parallelism')}`
  return version && `$argon2${first('type')}$v=${version}$${cost}$${unpadded(salt)}$${unpadded(value)}`
}

const unpadded = (base64: string) => base64.replace(/=+$/, '')
