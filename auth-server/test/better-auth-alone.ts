import { serve } from '@hono/node-server'
import { betterAuth } from 'better-auth'
import { getMigrations } from 'better-auth/db/migration'
import { bearer } from 'better-auth/plugins/bearer'
import { Hono } from 'hono'
import pg from 'pg'

/**
 * better-auth as its documentation sets it up, with its own defaults (scrypt, no joins): what the benchmark compares
 * this server with. It stands here because this package has the dependency.
 */
const { PORT, DATABASE_URL, BETTER_AUTH_SECRET } = process.env

const auth = betterAuth({
  baseURL: `http://127.0.0.1:${PORT}`,
  secret: BETTER_AUTH_SECRET ?? '',
  database: new pg.Pool({ connectionString: DATABASE_URL }),
  emailAndPassword: { enabled: true },
  plugins: [bearer()],
})
await (await getMigrations(auth.options)).runMigrations()

const app = new Hono().on(['GET', 'POST'], '/api/auth/*', (c) => auth.handler(c.req.raw))
serve({ fetch: app.fetch, port: Number(PORT), hostname: '127.0.0.1' })
