import { AUDIT_TABLE } from '../audit/table.ts'
import { tableName } from '../database/names.ts'
import { createClient } from '../database/pools.ts'
import { DatabaseTaskFailed } from '../database/task.ts'
import type { Env } from '../env.ts'
import { ConfigurationError } from '../errors.ts'
import type { Command } from './command.ts'

export const command: Command = {
  usage: 'make-admin EMAIL',
  takes: (options) => options.length <= 1,
  run: async (env, [email = '']) => void process.stdout.write(await makeAdmin(env, email)),
}

/**
 * Makes a user an administrator, for the first one: the others are made by an administrator (`admin/set-role`). The
 * triggers on the table announce it to every service, so it counts for sessions that exist already.
 * @returns what to print.
 */
export async function makeAdmin(env: Env, email: string): Promise<string> {
  if (!email.includes('@')) throw new ConfigurationError(['say whom: make-admin EMAIL'])
  const client = createClient(env)
  client.on('error', () => undefined) // the statement that is waiting rejects
  await client.connect()
  try {
    const { rowCount } = await client.query(appoint(env), [email.trim().toLowerCase()])
    if (rowCount === 0) throw new DatabaseTaskFailed('There is no user with this address. Sign up first.')
  } finally {
    await client.end()
  }
  return 'This user is an administrator now.\n'
}

/** Recorded like what an administrator does, of nobody: the operator has no account. */
function appoint(env: Env): string {
  const [user, events] = [tableName(env, 'user'), tableName(env, AUDIT_TABLE)]
  return `
    WITH before AS (SELECT "id", "role" FROM ${user} WHERE "email" = $1 FOR UPDATE),
         made AS (UPDATE ${user} u SET "role" = 'admin', "updatedAt" = now() FROM before b WHERE u."id" = b."id"
                  RETURNING u."id", b."role")
    INSERT INTO ${events} ("type", "userId", "details", "createdAt")
    SELECT 'role-changed', m."id", jsonb_build_object('from', m."role", 'to', 'admin'), date_trunc('milliseconds', now())
      FROM made m`
}
