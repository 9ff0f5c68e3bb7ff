import { readFileSync } from 'node:fs'
import type { ConnectionOptions } from 'node:tls'
import { ConfigurationError } from '../errors.ts'

type Request = {
  /** The variable the URL stands in, for messages. */
  name: string
  parameters: URLSearchParams
  caFile: string | undefined
}

/**
 * `sslmode` with libpq's meaning (https://www.postgresql.org/docs/current/libpq-ssl.html), where pg today reads require
 * as verify-full and prints a warning. Two differences, both told in docs/decisions: without sslmode nothing is
 * encrypted, and allow/prefer encrypt or fail, because node-postgres cannot fall back and a downgrade helps nobody.
 */
export function tlsOptions(request: Request): false | ConnectionOptions {
  const { name, parameters } = request
  const mode = parameters.get('sslmode') ?? modeOfFlag(parameters)
  if (mode === undefined && request.caFile !== undefined) {
    throw new ConfigurationError([
      `DATABASE_CA_FILE has no effect while ${name} has no sslmode: add sslmode=verify-full`,
    ])
  }
  if (mode === undefined || mode === 'disable') return false

  const trust = { ...authorities(request), ...clientCertificate(request) }
  switch (mode) {
    case 'no-verify':
      return { ...trust, rejectUnauthorized: false }
    case 'allow':
    case 'prefer':
    case 'require':
      // libpq: with a root certificate at hand, require verifies it as verify-ca does.
      return trust.ca ? { ...trust, ...ANY_HOST_NAME } : { ...trust, rejectUnauthorized: false }
    case 'verify-ca':
      // Every public authority would vouch for any host: without a CA of one's own this checks nothing.
      if (!trust.ca) throw new ConfigurationError([`${name} has sslmode=verify-ca, which needs DATABASE_CA_FILE`])
      return { ...trust, ...ANY_HOST_NAME }
    case 'verify-full':
      return trust
    default:
      throw new ConfigurationError([`${name} has an sslmode that PostgreSQL does not know`])
  }
}

const ANY_HOST_NAME = { checkServerIdentity: () => undefined }

/** `?ssl=true`, as some providers write it. */
function modeOfFlag(parameters: URLSearchParams): string | undefined {
  return /^(true|1|require)$/.test(parameters.get('ssl') ?? '') ? 'require' : undefined
}

function authorities({ name, parameters, caFile }: Request): { ca?: string } {
  if (caFile !== undefined) return { ca: readPem('DATABASE_CA_FILE', caFile) }
  const file = parameters.get('sslrootcert')
  if (!file) return {}
  if (file !== 'system') return { ca: readPem(`sslrootcert of ${name}`, file) }
  if (parameters.get('sslmode') === 'verify-full') return {} // Node's own list of public authorities
  throw new ConfigurationError([`${name} has sslrootcert=system, which needs sslmode=verify-full`])
}

function clientCertificate({ name, parameters }: Request): { cert?: string; key?: string } {
  const cert = parameters.get('sslcert')
  const key = parameters.get('sslkey')
  return {
    ...(cert && { cert: readPem(`sslcert of ${name}`, cert) }),
    ...(key && { key: readPem(`sslkey of ${name}`, key) }),
  }
}

function readPem(what: string, file: string): string {
  const text = readIfPossible(file)
  if (text === undefined) throw new ConfigurationError([`${what} cannot be read`])
  if (!text.includes('-----BEGIN ')) throw new ConfigurationError([`${what} is not in PEM format`])
  return text
}

function readIfPossible(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}
