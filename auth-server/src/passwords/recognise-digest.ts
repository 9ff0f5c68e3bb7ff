/** Whose idea of a hash it is, where several systems write the same text for different things. */
export type Maker = 'any' | 'django' | 'werkzeug' | 'flask-security' | 'devise' | 'wordpress'

/** `spec` is what formats/digests.ts reads; '' for the password itself. `digest` is in lower-case hex. */
export type Digest = { spec: string; digest: string }

const LENGTHS: Record<number, string> = {
  32: 'md5',
  40: 'sha1',
  56: 'sha224',
  64: 'sha256',
  96: 'sha384',
  128: 'sha512',
}
const BYTES: Record<string, number> = { md5: 16, sha1: 20, sha224: 28, sha256: 32, sha384: 48, sha512: 64 }

/** What can be guessed as fast as it can be computed. undefined: it is none of these. */
export function bareDigest(text: string, maker: Maker): Digest | undefined {
  // It hashed an HMAC of the password: what looks like a digest is of that.
  if (maker === 'flask-security') return undefined
  return ofHex(text) ?? ofSalted(text, maker) ?? ofLdap(text) ?? ofPlain(text, maker)
}

export function ofHex(text: string): Digest | undefined {
  const name = /^[0-9a-f]+$/i.test(text) ? LENGTHS[text.length] : undefined
  return name === undefined ? undefined : { spec: name, digest: text.toLowerCase() }
}

/** `sha1$salt$hex`: Django's digest of salt and password, Werkzeug's HMAC. Nobody else's is known. */
function ofSalted(text: string, maker: Maker): Digest | undefined {
  const [, name = '', salt = '', hex = ''] =
    /^(md5|sha1|sha224|sha256|sha384|sha512)\$([^$:]{0,128})\$([0-9a-f]+)$/i.exec(text) ?? []
  if (hex.length === 0 || hex.length / 2 !== BYTES[name]) return undefined
  const digest = hex.toLowerCase()
  if (salt === '') return { spec: name, digest }
  if (maker === 'werkzeug') return { spec: `werkzeug:${name}:${salt}`, digest }
  return maker === 'django' ? { spec: `django:${name}:${salt}`, digest } : undefined
}

const LDAP: Record<string, string> = {
  MD5: 'md5',
  SMD5: 'md5',
  SHA: 'sha1',
  SSHA: 'sha1',
  SHA256: 'sha256',
  SSHA256: 'sha256',
  SHA384: 'sha384',
  SSHA384: 'sha384',
  SHA512: 'sha512',
  SSHA512: 'sha512',
}

/** RFC 2307: `{SSHA}` and base64 of digest and salt. */
function ofLdap(text: string): Digest | undefined {
  const [, scheme = '', base64 = ''] = /^\{(S?(?:MD5|SHA)\d{0,3})\}([A-Za-z0-9+/]+={0,2})$/i.exec(text) ?? []
  const name = LDAP[scheme.toUpperCase()]
  const bytes = Buffer.from(base64, 'base64')
  const length = BYTES[name ?? ''] ?? Number.POSITIVE_INFINITY
  if (name === undefined || bytes.length < length || bytes.length > length + 64) return undefined
  const [digest, salt] = [bytes.subarray(0, length).toString('hex'), bytes.subarray(length).toString('hex')]
  return { spec: salt === '' ? name : `ldap:${name}:${salt}`, digest }
}

/** Werkzeug's `plain$$password`: wrapped, it is a hash like ours. */
function ofPlain(text: string, maker: Maker): Digest | undefined {
  const [, password] = maker === 'werkzeug' ? (/^plain\$\$(.{1,128})$/s.exec(text) ?? []) : []
  return password === undefined ? undefined : { spec: '', digest: password }
}
