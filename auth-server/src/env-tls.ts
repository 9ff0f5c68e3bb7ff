import { tlsOptions } from './database/tls.ts'
import { parseDatabaseUrl } from './database/url.ts'
import { ConfigurationError } from './errors.ts'

type Given = Record<string, string | undefined>

/** The server, its migrations and setup-database connect with these. */
const URLS = ['DATABASE_URL', 'DATABASE_URL_DIRECT', 'DATABASE_ADMIN_URL']

/** Certificates are read here too: a file that is missing would otherwise be met after a running server was stopped. */
export function tlsErrors(given: Given): string[] {
  return URLS.flatMap((name) => {
    const url = given[name]
    return url === undefined ? [] : errorsOf(name, url, given.DATABASE_CA_FILE)
  })
}

function errorsOf(name: string, url: string, caFile: string | undefined): string[] {
  try {
    tlsOptions({ name, parameters: parseDatabaseUrl(name, url).parameters, caFile })
    return []
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error
    return [...error.errors]
  }
}
