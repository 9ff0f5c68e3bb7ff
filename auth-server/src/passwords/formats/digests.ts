import { createHash, createHmac } from 'node:crypto'
import { utf8 } from './format.ts'

/**
 * Digests that cost nothing to compute, and therefore nothing to guess. Their own form is never kept: an import wraps
 * them in argon2id, see wrapped.ts. Each gives the digest of a password in hex.
 */
type Digest = (password: string) => string

const NAMES = '(md5|sha1|sha224|sha256|sha384|sha512)'

/** `md5`: of the password alone. */
function readBare(spec: string): Digest | undefined {
  const [, name] = new RegExp(`^${NAMES}$`).exec(spec) ?? []
  if (name === undefined) return undefined
  return (password) => createHash(name).update(utf8(password)).digest('hex')
}

/** `django:sha1:salt`: of salt and password. */
function readDjango(spec: string): Digest | undefined {
  const [, name, salt = ''] = new RegExp(`^django:${NAMES}:([^$:]{0,128})$`).exec(spec) ?? []
  if (name === undefined) return undefined
  return (password) => createHash(name).update(utf8(salt)).update(utf8(password)).digest('hex')
}

/** `werkzeug:sha256:salt`: keyed with the salt. */
function readWerkzeug(spec: string): Digest | undefined {
  const [, name, salt = ''] = new RegExp(`^werkzeug:${NAMES}:([^$:]{1,128})$`).exec(spec) ?? []
  if (name === undefined) return undefined
  return (password) => createHmac(name, salt).update(utf8(password)).digest('hex')
}

/** `ldap:sha1:hex of the salt`: of password and salt, RFC 2307's {SSHA}. */
function readLdap(spec: string): Digest | undefined {
  const [, name, salt = ''] = new RegExp(`^ldap:${NAMES}:((?:[0-9a-f]{2}){1,64})$`).exec(spec) ?? []
  if (name === undefined) return undefined
  return (password) => createHash(name).update(utf8(password)).update(Buffer.from(salt, 'hex')).digest('hex')
}

export function readDigest(spec: string): Digest | undefined {
  return readBare(spec) ?? readDjango(spec) ?? readWerkzeug(spec) ?? readLdap(spec)
}
