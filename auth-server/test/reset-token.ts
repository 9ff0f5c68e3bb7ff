import { createHash, randomUUID } from 'node:crypto'

type Sql = { sql: (text: string, values: unknown[]) => Promise<unknown> }

/** As if the user had asked for a mail: the database keeps only the token's hash. */
export async function addResetToken({ sql }: Sql, userId: string): Promise<string> {
  const token = randomUUID()
  const identifier = createHash('sha256').update(`reset-password:${token}`).digest('base64url')
  await sql(
    `INSERT INTO verification (id, identifier, value, "expiresAt", "createdAt", "updatedAt")
     VALUES ($1, $2, $3, now() + interval '1 hour', now(), now())`,
    [token, identifier, userId],
  )
  return token
}
