// drizzle-changes.mjs FILE URL SCHEMA: the statements with which `drizzle-kit push` would change the database for the file.
import { createRequire } from 'node:module'
import { drizzle } from 'drizzle-orm/node-postgres'
import pg from 'pg'

const [path, url, schema] = process.argv.slice(2)
const { pushSchema } = createRequire(import.meta.url)('drizzle-kit/api')
const pool = new pg.Pool({ connectionString: url })
const { statementsToExecute } = await pushSchema(await import(path), drizzle(pool), [schema])
await pool.end()
// It draws a progress bar on this stream.
process.stdout.write(`\n${JSON.stringify(statementsToExecute)}`)
