import { isIP } from 'node:net'

type Given = Record<string, string | undefined>

const NAME = /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/

/** Registries below a country's domain: `co.uk`, `com.au`, `ac.jp`. */
const OF_A_COUNTRY = /^(?:ac|co|com|edu|gob|gov|gouv|gv|ltd|me|mil|ne|net|nom|or|org|plc|sch)\.[a-z]{2}$/
/** Below which strangers have names of their own. Not all: a browser has the whole list, and takes no such cookie. */
const OF_A_PLATFORM = new Set([
  ...['appspot.com', 'azurewebsites.net', 'cloudfront.net', 'deno.dev', 'firebaseapp.com', 'fly.dev', 'github.io'],
  ...['gitlab.io', 'herokuapp.com', 'netlify.app', 'ngrok.app', 'ngrok-free.app', 'onrender.com', 'pages.dev'],
  ...['railway.app', 'run.app', 'surge.sh', 'vercel.app', 'web.app', 'workers.dev'],
])

/**
 * What is wrong with COOKIE_DOMAIN: a browser that does not take a cookie signs nobody in, and one that gives it to strangers signs them
 * in.
 */
export function cookieErrors({ COOKIE_DOMAIN: domain, PUBLIC_URL = 'http://localhost:3000' }: Given): string[] {
  if (domain === undefined) return []
  const says = (why: string) => [`COOKIE_DOMAIN ${why}`]
  if (!NAME.test(domain) || domain.length > 253 || isIP(domain) !== 0)
    return says('must be a plain lower-case domain, such as example.com, without a dot in front')
  if (!domain.includes('.')) return says('must have a dot: browsers take no cookie for a single label')
  if (OF_A_COUNTRY.test(domain) || OF_A_PLATFORM.has(domain))
    return says('must not be a domain below which others have names, such as co.uk: it would be their cookie too')
  if (!URL.canParse(PUBLIC_URL)) return [] // said elsewhere
  const { hostname } = new URL(PUBLIC_URL)
  return isWithin(hostname, domain) ? [] : says('must be the host of PUBLIC_URL, or a domain above it')
}

function isWithin(host: string, domain: string): boolean {
  return host === domain || host.endsWith(`.${domain}`)
}

/** What SESSION_DAYS and SESSION_RENEW_HOURS say together. */
export function sessionErrors({ SESSION_DAYS = '7', SESSION_RENEW_HOURS = '24' }: Given): string[] {
  const [days, hours] = [Number(SESSION_DAYS), Number(SESSION_RENEW_HOURS)]
  return hours >= days * 24
    ? ['SESSION_RENEW_HOURS must be less than SESSION_DAYS: a session that is over is not renewed']
    : []
}

/** What SESSION_LEASE_MS and SESSION_LEASE_MAX_MS say together. */
export function leaseErrors({ SESSION_LEASE_MS = '2000', SESSION_LEASE_MAX_MS }: Given): string[] {
  return Number(SESSION_LEASE_MAX_MS ?? SESSION_LEASE_MS) < Number(SESSION_LEASE_MS)
    ? ['SESSION_LEASE_MAX_MS must not be less than SESSION_LEASE_MS']
    : []
}
