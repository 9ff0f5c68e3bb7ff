import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto'

const ITERATIONS = 4096 // PostgreSQL's own default, scram_iterations

/**
 * What PostgreSQL stores of a password (RFC 5803). Sent in place of the password itself, which the server would write
 * into its log with log_statement = ddl, or with any error in the statement. psql's \password does the same.
 */
export function scramVerifier(password: string, salt = randomBytes(16)): string {
  // RFC 4013 prescribes SASLprep; NFKC is the part of it that changes passwords people have.
  const salted = pbkdf2Sync(password.normalize('NFKC'), salt, ITERATIONS, 32, 'sha256')
  const hmac = (key: Buffer, text: string) => createHmac('sha256', key).update(text).digest()
  const storedKey = createHash('sha256').update(hmac(salted, 'Client Key')).digest('base64')
  const serverKey = hmac(salted, 'Server Key').toString('base64')
  return `SCRAM-SHA-256$${ITERATIONS}:${salt.toString('base64')}$${storedKey}:${serverKey}`
}
