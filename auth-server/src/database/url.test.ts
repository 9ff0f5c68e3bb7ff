import { expect, test } from 'vitest'
import { ConfigurationError } from '../errors.ts'
import { parseDatabaseUrl } from './url.ts'

const address = (url: string) => parseDatabaseUrl('DATABASE_URL', url).address

test.each([
  [
    'postgres://me:secret@db.example.com/app',
    { host: 'db.example.com', port: 5432, user: 'me', password: 'secret', database: 'app' },
  ],
  [
    'postgresql://me:secret@db.example.com:6543/app',
    { host: 'db.example.com', port: 6543, user: 'me', password: 'secret', database: 'app' },
  ],
  ['postgresql+psycopg://me@db/app', { host: 'db', port: 5432, user: 'me', database: 'app' }],
  [
    'postgres://m%40il:p%40s%2Fs%25%3A%23@db/a%20b',
    { host: 'db', port: 5432, user: 'm@il', password: 'p@s/s%:#', database: 'a b' },
  ],
  ['postgres://me@[::1]:5433/app', { host: '::1', port: 5433, user: 'me', database: 'app' }],
  ['postgres:///app', { host: 'localhost', port: 5432, database: 'app' }],
  [
    'postgres://me@%2Fvar%2Frun%2Fpostgresql/app',
    { host: '/var/run/postgresql', port: 5432, user: 'me', database: 'app' },
  ],
  [
    'postgres:///app?host=/var/run/postgresql&port=5433&user=me',
    { host: '/var/run/postgresql', port: 5433, user: 'me', database: 'app' },
  ],
  [
    'postgres://me:x@/app?host=/cloudsql/p:r:i',
    { host: '/cloudsql/p:r:i', port: 5432, user: 'me', password: 'x', database: 'app' },
  ],
  [
    'postgres://me:x@ep-1.eu.neon.tech/app?sslmode=require&channel_binding=require&pgbouncer=true&connection_limit=1&schema=s&max=1&query_timeout=1',
    { host: 'ep-1.eu.neon.tech', port: 5432, user: 'me', password: 'x', database: 'app' },
  ],
])('%s is understood as libpq does', (url, expected) => {
  expect(address(url)).toEqual(expected)
})

test.each([
  ['several hosts', 'postgres://me:hunter2@one:5432,two:5432/app', 'several hosts'],
  ['several hosts as a parameter', 'postgres://me:hunter2@/app?host=one,two', 'several hosts'],
  ['a percent sign that is not encoded', 'postgres://me:hunter2%@db/app', '%25'],
  ['another kind of URL', 'mysql://me:hunter2@db/app', 'postgres://'],
  ['no URL', 'hunter2', 'not a URL'],
  ['no database', 'postgres://me:hunter2@db', 'no database'],
  ['a port that is none', 'postgres://me:hunter2@db/app?port=x', 'port'],
])('%s is refused, naming the variable and never the value', (_what, url, why) => {
  const error = catchError(() => address(url))
  expect(error).toBeInstanceOf(ConfigurationError)
  expect(String(error)).toContain('DATABASE_URL')
  expect(String(error)).toContain(why)
  expect(String(error)).not.toContain('hunter2')
})

function catchError(act: () => unknown): unknown {
  try {
    return act()
  } catch (error) {
    return error
  }
}
