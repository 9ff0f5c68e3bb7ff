import { expect, test } from 'vitest'
import { readEnv } from './env.ts'
import { cookieErrors, leaseErrors, sessionErrors } from './env-cookies.ts'
import { ConfigurationError } from './errors.ts'

const PUBLIC_URL = 'https://app.eu.example.com'
const DEVELOPMENT = {
  NODE_ENV: 'development',
  BETTER_AUTH_SECRET: 'short is fine here',
  INTERNAL_TOKEN: 'also-short',
  DATABASE_URL: 'postgres://auth:pw@localhost:5432/app',
}

function errorsOf(changes: Record<string, string>): readonly string[] {
  try {
    readEnv({ ...DEVELOPMENT, ...changes })
    return []
  } catch (error) {
    if (error instanceof ConfigurationError) return error.errors
    throw error
  }
}

test.each(['app.eu.example.com', 'eu.example.com', 'example.com'])('%s may be the domain of the cookies', (domain) => {
  expect(cookieErrors({ COOKIE_DOMAIN: domain, PUBLIC_URL })).toEqual([])
  expect(readEnv({ ...DEVELOPMENT, COOKIE_DOMAIN: domain, PUBLIC_URL }).COOKIE_DOMAIN).toBe(domain)
})

test.each([
  ['com', PUBLIC_URL, 'single label'],
  ['localhost', 'http://localhost:3000', 'single label'],
  ['co.uk', 'https://app.acme.co.uk', 'others have names'],
  ['com.au', 'https://app.acme.com.au', 'others have names'],
  ['github.io', 'https://acme.github.io', 'others have names'],
  ['vercel.app', 'https://acme.vercel.app', 'others have names'],
  ['.example.com', PUBLIC_URL, 'plain lower-case domain'],
  ['Example.com', PUBLIC_URL, 'plain lower-case domain'],
  ['https://example.com', PUBLIC_URL, 'plain lower-case domain'],
  ['example.com:443', PUBLIC_URL, 'plain lower-case domain'],
  ['example.com; Secure', PUBLIC_URL, 'plain lower-case domain'],
  ['192.0.2.1', 'https://192.0.2.1', 'plain lower-case domain'],
  ['*.example.com', PUBLIC_URL, 'plain lower-case domain'],
  ['example..com', PUBLIC_URL, 'plain lower-case domain'],
  ['example.org', PUBLIC_URL, 'the host of PUBLIC_URL'],
  ['le.com', PUBLIC_URL, 'the host of PUBLIC_URL'],
  ['login.app.eu.example.com', PUBLIC_URL, 'the host of PUBLIC_URL'],
])('%s is refused at %s', (COOKIE_DOMAIN, url, why) => {
  const errors = errorsOf({ COOKIE_DOMAIN, PUBLIC_URL: url })
  expect(errors).toEqual([expect.stringContaining(why)])
  expect(errors[0]).toMatch(/^COOKIE_DOMAIN /)
})

test.each([
  [{ SESSION_DAYS: '1' }, 'SESSION_DAYS must lie between 2 and 365'],
  [{ SESSION_DAYS: '366' }, 'SESSION_DAYS must lie between 2 and 365'],
  [{ SESSION_DAYS: 'a week' }, 'SESSION_DAYS must be a whole number'],
  [{ SESSION_RENEW_HOURS: '0' }, 'SESSION_RENEW_HOURS must lie between 1 and 720'],
  [{ SESSION_LEASE_MS: '49' }, 'SESSION_LEASE_MS must lie between 50 and 10000'],
  [{ SESSION_LEASE_MAX_MS: '10001' }, 'SESSION_LEASE_MAX_MS must lie between 50 and 10000'],
  [{ SESSION_LEASE_MAX_MS: '1999' }, 'SESSION_LEASE_MAX_MS must not be less than SESSION_LEASE_MS'],
  [{ SESSION_DAYS: '2', SESSION_RENEW_HOURS: '48' }, 'SESSION_RENEW_HOURS must be less than SESSION_DAYS'],
  [{ PASSWORD_MIN_LENGTH: '7' }, 'PASSWORD_MIN_LENGTH must lie between 8 and 64'],
  [{ PASSWORD_MIN_LENGTH: '65' }, 'PASSWORD_MIN_LENGTH must lie between 8 and 64'],
  [{ SIGN_UP: 'invited' }, 'SIGN_UP must be open or closed'],
  [{ DEFAULT_LANGUAGE: 'fr' }, 'DEFAULT_LANGUAGE must be en or de'],
])('%j is refused', (changes, why) => {
  expect(errorsOf(changes)).toContainEqual(expect.stringContaining(why))
})

test('sessions that are renewed an hour before they end are possible', () => {
  expect(leaseErrors({ SESSION_LEASE_MS: '50', SESSION_LEASE_MAX_MS: '50' })).toEqual([])
  expect(sessionErrors({ SESSION_DAYS: '2', SESSION_RENEW_HOURS: '47' })).toEqual([])
})
