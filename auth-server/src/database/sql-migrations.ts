import { describedSessionTrigger, revocationTriggers } from './revocation-triggers.ts'

/** What better-auth's own tables lack. In order; each is applied once, in a transaction; never edit one that shipped. */
export type SqlMigration = {
  name: string
  sql: (table: (name: string) => string) => string
  /** What the operator should do about an SQLSTATE that this migration may meet. */
  advice?: Record<string, string>
}

export const SQL_MIGRATIONS: readonly SqlMigration[] = [
  {
    name: '0001_account_provider_unique',
    // One identity at a provider belongs to one user; without this two racing callbacks make two accounts of it.
    sql: (table) =>
      `CREATE UNIQUE INDEX "account_providerId_accountId_key" ON ${table('account')} ("providerId", "accountId")`,
    advice: {
      '23505':
        'Some rows of "account" share "providerId" and "accountId", so one sign-in leads to two users. Find them with ' +
        'SELECT "providerId", "accountId", array_agg("id") FROM "account" GROUP BY 1, 2 HAVING count(*) > 1, ' +
        'keep one row of each, and migrate again.',
    },
  },
  {
    name: '0002_session_expires_at',
    sql: (table) => `CREATE INDEX "session_expiresAt_idx" ON ${table('session')} ("expiresAt")`,
  },
  {
    name: '0003_verification_expires_at',
    sql: (table) => `CREATE INDEX "verification_expiresAt_idx" ON ${table('verification')} ("expiresAt")`,
  },
  {
    name: '0004_user_created_at',
    sql: (table) => `CREATE INDEX "user_createdAt_idx" ON ${table('user')} ("createdAt")`,
  },
  {
    name: '0005_rate_limit_last_request',
    sql: (table) => `CREATE INDEX "rateLimit_lastRequest_idx" ON ${table('rateLimit')} ("lastRequest")`,
  },
  {
    name: '0006_revocation_triggers',
    sql: revocationTriggers,
  },
  {
    name: '0007_described_session_trigger',
    sql: describedSessionTrigger,
  },
]
