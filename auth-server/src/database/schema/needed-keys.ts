import { createHash } from 'node:crypto'
import type { NeededIndex, UnnamedTable } from './needed.ts'

/** What better-auth does not ask for, and this server relies on. */
export const OWN_KEYS: readonly { table: string; index: NeededIndex }[] = [
  {
    table: 'account',
    // One identity at a provider belongs to one user; without this two racing callbacks make two accounts of it.
    index: { name: 'account_providerId_accountId_key', isUnique: true, key: ['providerId', 'accountId'] },
  },
  {
    table: 'user',
    // better-auth looks addresses up in lower case: of two that differ in case only one could ever sign in.
    index: { name: 'user_lower_email_key', isUnique: true, key: ['email'], isLower: true },
  },
  {
    table: 'audit_event',
    // A page of one user's events, newest first.
    index: {
      name: 'audit_event_userId_createdAt_id_idx',
      isUnique: false,
      key: ['userId', 'createdAt', 'id'],
    },
  },
  {
    table: 'passkey',
    // It says whose sign-in it is.
    index: { name: 'passkey_credentialID_key', isUnique: true, key: ['credentialID'] },
  },
  {
    table: 'twoFactor',
    // Of two authenticator apps that are set up at once, one would never be asked for.
    index: { name: 'twoFactor_userId_key', isUnique: true, key: ['userId'] },
  },
]

/** For cleaning up, listing, looking a verification up by its value, and mails that are due. */
export const OWN_INDEXES: Readonly<Record<string, readonly string[]>> = {
  user: ['createdAt'],
  session: ['expiresAt'],
  verification: ['expiresAt', 'value'],
  rateLimit: ['lastRequest'],
  mailOutbox: ['nextAttemptAt', 'recipient'],
  audit_event: ['createdAt'],
}

/** What was applied here; see expected.ts. */
export const MIGRATION_TABLE: UnnamedTable = {
  name: 'auth_migration',
  primaryKey: 'name',
  columns: [
    { name: 'name', kind: 'string', isRequired: true },
    { name: 'applied_at', kind: 'date', isRequired: true, default: 'CURRENT_TIMESTAMP' },
  ],
  indexes: [],
  foreignKeys: [],
}

/** Whom `import` brought here, and whom it did not: see importer/ledger.ts. No foreign key: a row stays when its user goes. */
export const IMPORT_TABLE: UnnamedTable = {
  name: 'auth_import',
  primaryKey: 'id',
  columns: [
    { name: 'id', kind: 'id', isRequired: true },
    { name: 'source', kind: 'string', isRequired: true },
    { name: 'oldId', kind: 'string', isRequired: true },
    { name: 'userId', kind: 'string', isRequired: false },
    { name: 'status', kind: 'string', isRequired: true },
    { name: 'reason', kind: 'string', isRequired: false },
    { name: 'run', kind: 'integer', isRequired: true },
    { name: 'sourceDigest', kind: 'string', isRequired: false },
    { name: 'writtenDigest', kind: 'string', isRequired: false },
    { name: 'importedAt', kind: 'date', isRequired: true, default: 'CURRENT_TIMESTAMP' },
  ],
  indexes: [{ name: 'auth_import_source_oldId_key', isUnique: true, key: ['source', 'oldId'] }],
  foreignKeys: [],
}

/** PostgreSQL cuts longer names off. */
const MAX_LENGTH = 63

export function indexName(table: string, { isUnique, isLower, key }: Omit<NeededIndex, 'name'>): string {
  return shortened([table, ...(isLower ? ['lower'] : []), ...key, isUnique ? 'key' : 'idx'].join('_'))
}

export const foreignKeyName = (table: string, column: string) => shortened(`${table}_${column}_fkey`)

export const primaryKeyName = (table: string) => shortened(`${table}_pkey`)

function shortened(name: string): string {
  if (name.length <= MAX_LENGTH) return name
  return `${name.slice(0, MAX_LENGTH - 9)}_${createHash('sha256').update(name).digest('hex').slice(0, 8)}`
}
