import { betterAuth } from 'better-auth'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { PASSWORD, signUp } from '../../test/client.ts'
import { adminUrl, INTERNAL_TOKEN, SECRET } from '../../test/database.ts'
import { startTestStack } from '../../test/harness.ts'
import { readEnv } from '../env.ts'
import { authOptions } from './options.ts'

type Served = {
  path?: string
  options: { method: string | string[]; metadata?: { SERVER_ONLY?: boolean }; body?: unknown; query?: unknown }
}

type Person = Awaited<ReturnType<typeof signUp>>

let stack: Awaited<ReturnType<typeof startTestStack>>
let admin: Person

beforeAll(async () => {
  stack = await startTestStack({ RATE_LIMIT_DEFAULT: '100000/10' })
  admin = await signUp(stack)
  await stack.sql(`UPDATE "user" SET role = 'admin' WHERE id = $1`, [admin.userId])
})
afterAll(() => stack.stop())

const JUNK = [
  null,
  true,
  -1,
  0,
  1.5,
  1e308,
  '',
  ' ',
  'x',
  'é💥\u202e\u0007\u007f',
  "' or 1=1 --",
  '%',
  '\\',
  'https://evil.example',
  '2026-01-01',
  'x'.repeat(8000),
  [],
  ['a', 1],
  {},
  { a: { b: 1 } },
]

/** Enough for an endpoint to get past its first checks, so that the junk beside it is used. */
const plausible = (victim: Person): Record<string, unknown> => ({
  email: victim.email,
  newEmail: 'somebody@example.com',
  password: PASSWORD,
  newPassword: `${PASSWORD}!`,
  currentPassword: 'a wrong password',
  name: 'Nobody',
  token: 'x',
  sessionToken: 'x',
  provider: 'google',
  providerId: 'credential',
  userId: victim.userId,
  role: 'user',
  data: { name: 'Somebody' },
  permissions: { user: ['list'] },
  searchValue: 'a',
  filterField: 'name',
  filterValue: 'a',
})

const endpoints = Object.values(betterAuth(authOptions(unconnected())).api as Record<string, Served>)
  .filter(({ path, options }) => path !== undefined && options.metadata?.SERVER_ONLY !== true)
  .flatMap(({ path = '', options }) =>
    [options.method].flat().map((method) => {
      const names = [...fieldsOf(options.body), ...fieldsOf(options.query), 'callbackURL', 'unknown']
      return { method, path, fields: [...new Set(names)] }
    }),
  )
  // They end the very session that the others are tried with.
  .filter(({ path }) => !['/sign-out', '/revoke-sessions', '/revoke-other-sessions'].includes(path))

test.each(endpoints)(
  '$method $path answers junk with a 4xx, never a 500',
  async ({ method, path, fields }) => {
    const victim = await signUp(stack)
    const base = Object.entries(plausible(victim)).filter(([name]) => fields.includes(name))
    const failures: string[] = []
    const attempt = async (field: string, value: unknown) => {
      const response = await send(method, path, { ...Object.fromEntries(base), [field]: value })
      const body = await response.text()
      if (response.status >= 500 || (response.status >= 400 && !isErrorBody(body))) {
        failures.push(`${field}=${JSON.stringify(value).slice(0, 60)} → ${response.status} ${body.slice(0, 120)}`)
      }
    }
    const attempts = fields.flatMap((field) => JUNK.map((value) => () => attempt(field, value)))
    // Some at once, since what may have ended a session is answered 52 ms later; not more than the queue for hashing takes.
    for (let first = 0; first < attempts.length; first += 4) {
      await Promise.all(attempts.slice(first, first + 4).map((run) => run()))
    }
    expect(failures).toEqual([])
  },
  60_000,
)

/** With a bearer, so that no answer changes who is asking. */
function send(method: string, path: string, values: Record<string, unknown>): Promise<Response> {
  const url = `${stack.url}/api/auth${path.replace(/:\w+/, 'x')}`
  const authorization = `Bearer ${admin.bearer}`
  if (method === 'GET') return fetch(`${url}?${queryOf(values)}`, { headers: { authorization }, redirect: 'manual' })
  const headers = { authorization, 'content-type': 'application/json' }
  return fetch(url, { method, headers, body: JSON.stringify(values), redirect: 'manual' })
}

function queryOf(values: Record<string, unknown>): URLSearchParams {
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(values)) {
    query.set(name, typeof value === 'string' ? value : JSON.stringify(value))
  }
  return query
}

function isErrorBody(text: string): boolean {
  const body: unknown = JSON.parse(text)
  return typeof body === 'object' && body !== null && Object.keys(body).sort().join() === 'code,message'
}

/** The names that better-auth's own schema of a body or a query knows. */
function fieldsOf(schema: unknown): string[] {
  if (schema instanceof z.ZodOptional) return fieldsOf(schema.unwrap())
  if (schema instanceof z.ZodIntersection) return [...fieldsOf(schema.def.left), ...fieldsOf(schema.def.right)]
  if (schema instanceof z.ZodObject) return Object.keys(schema.shape)
  return []
}

/** To list endpoints, no database is asked. */
function unconnected() {
  const variables = { NODE_ENV: 'development', BETTER_AUTH_SECRET: SECRET, INTERNAL_TOKEN, DATABASE_URL: adminUrl() }
  return { env: readEnv(variables), pool: new pg.Pool() }
}
