import { afterAll, beforeAll } from 'vitest'
import { type Practice, startPractice } from '../../../test/doctor.ts'
import { asOwner, type Fault, run, set, testFaults, user } from '../../../test/faults.ts'

let practice: Practice
beforeAll(async () => {
  practice = await startPractice()
  practice.shell('auth-server migrate')
  await asOwner(`
    CREATE TABLE app.app_users (id uuid PRIMARY KEY, user_id text REFERENCES public."user" (id) ON DELETE CASCADE);
    CREATE TABLE app.notes (app_user_id uuid REFERENCES app.app_users (id) ON DELETE CASCADE)`)(practice)
})
afterAll(() => practice.stop())

const session = (id: string, end: string) => `${user(id)}
  INSERT INTO session (id, token, "userId", "expiresAt", "createdAt", "updatedAt") VALUES ('${id}', '${id}', '${id}', ${end}, now(), now())`
const MAIL = `
  INSERT INTO "mailOutbox" (id, kind, recipient, language, attempts, "nextAttemptAt", "createdAt")
  VALUES ('x', 'reset-password', 'canary@acme.org', 'en', 3, now(), now() - interval '2 hours')`
const ORPHANED_NOTE = `
  ALTER TABLE app.notes DROP CONSTRAINT notes_app_user_id_fkey; INSERT INTO app.notes VALUES (gen_random_uuid())`
const nothing = async () => undefined

// biome-ignore format: a table reads by rows
const FAULTS: Fault[] = [
  ['time-in-future', 'Upkeep', run(user('tomorrow', { createdAt: `now() + interval '1 day'` }))],
  ['time-in-future', 'Upkeep', run(session('late', `now() + interval '9 years'`))],
  ['cleanup-behind', 'Upkeep', run(session('over', `now() - interval '2 days'`))],
  ['cleanup-behind', 'Upkeep', run(`INSERT INTO "rateLimit" (id, key, count, "lastRequest") VALUES ('x', 'x', 1, 1)`)],
  ['mail-waiting', 'Upkeep', run(MAIL)],
  // What ends the first leaves the second.
  ['app-row-without-user', 'App', asOwner(`CREATE TABLE app.carts (user_id text); INSERT INTO app.carts VALUES ('canary')`)],
  ['app-column-without-key', 'App', nothing],
  ['app-row-without-user', 'App', asOwner(ORPHANED_NOTE)],
  ['app-column-without-key', 'App', nothing],
  ['breached-unreachable', 'Neighbours', set({ BREACHED_PASSWORDS: 'api', BREACHED_PASSWORDS_URL: 'http://127.0.0.1:1/' })],
]

testFaults(() => practice, FAULTS)
