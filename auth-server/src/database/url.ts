import type { ClientConfig } from 'pg'
import { ConfigurationError } from '../errors.ts'

export type Address = Required<Pick<ClientConfig, 'host' | 'port'>> &
  Pick<ClientConfig, 'user' | 'password' | 'database'>
export type DatabaseUrl = { address: Address; parameters: URLSearchParams }

/**
 * Takes a connection URL apart as libpq does. Not left to pg: it copies every parameter of the URL into its options
 * (`?max=`, `?query_timeout=`), and providers put parameters there that mean nothing to it (channel_binding, pgbouncer,
 * connection_limit, schema). What is not named here is passed over.
 *
 * @param name the variable that holds it: errors name it, never the value, which holds a password.
 */
export function parseDatabaseUrl(name: string, value: string): DatabaseUrl {
  refuseSeveralHosts(name, authorityOf(value))
  const withHost = value.replace(NO_HOST, '$1localhost')
  if (!URL.canParse(withHost)) throw invalid(name, 'is not a URL; percent-encode what is special in the password')
  const url = new URL(withHost)
  // SQLAlchemy writes the driver behind a plus: postgresql+psycopg://
  if (!/^postgres(ql)?(\+\w+)?:$/.test(url.protocol))
    throw invalid(name, 'must begin with postgres:// or postgresql://')

  const parameters = url.searchParams
  const given = (key: string, fallback: string) => parameters.get(key) || decoded(name, fallback)
  const host = given('host', url.hostname.replace(/^\[(.*)\]$/, '$1'))
  refuseSeveralHosts(name, host)
  const database = given('dbname', url.pathname.slice(1))
  if (database === '') throw invalid(name, 'names no database')
  return { address: { host: host || 'localhost', port: portOf(name, url), database, ...credentials() }, parameters }

  function credentials() {
    const user = given('user', url.username)
    const password = given('password', url.password)
    return { ...(user && { user }), ...(password && { password }) }
  }
}

/** user:password@ and then nothing, as with `?host=/cloudsql/…`: libpq takes it, URL does not. */
const NO_HOST = /^([^/]*\/\/[^/?#]*@)(?=[/?#]|$)/

function portOf(name: string, url: URL): number {
  const port = Number(url.searchParams.get('port') || url.port || 5432)
  if (!Number.isInteger(port) || port < 1 || port > 65_535) throw invalid(name, 'has a port that is not a number')
  return port
}

function authorityOf(value: string): string {
  const [, authority = ''] = /^[^:]*:\/\/([^/?#]*)/.exec(value) ?? []
  return authority.slice(authority.lastIndexOf('@') + 1)
}

/** libpq tries several hosts in turn, node-postgres cannot: better said at start than met at the first failover. */
function refuseSeveralHosts(name: string, host: string): void {
  if (host.includes(',')) {
    throw invalid(name, 'names several hosts: give one, the primary or an address that always leads to it')
  }
}

function decoded(name: string, part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    throw invalid(name, 'has a % that encodes nothing: write % as %25')
  }
}

const invalid = (name: string, why: string) => new ConfigurationError([`${name} ${why}`])
