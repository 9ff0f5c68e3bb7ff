/**
 * Every table of this server with its columns, by the names that all code uses: better-auth's, ours, and every statement. Beside
 * `id`, which is always called that. What they are called in the database is a setting: names.ts. tables.test.ts names what is
 * missing here.
 */
export const TABLES = {
  user: [
    ...[
      'name',
      'email',
      'emailVerified',
      'image',
      'createdAt',
      'updatedAt',
      'role',
      'banned',
      'banReason',
      'banExpires',
    ],
    ...['twoFactorEnabled'],
  ],
  session: [
    ...['expiresAt', 'token', 'createdAt', 'updatedAt', 'ipAddress', 'userAgent', 'userId', 'impersonatedBy'],
    ...['secondFactorAt', 'lastUsedAt'],
  ],
  account: [
    ...['accountId', 'providerId', 'userId', 'accessToken', 'refreshToken', 'idToken', 'accessTokenExpiresAt'],
    ...[
      'refreshTokenExpiresAt',
      'scope',
      'password',
      'createdAt',
      'updatedAt',
      'label',
      'revokedAt',
      'refreshLeaseUntil',
    ],
  ],
  verification: ['identifier', 'value', 'expiresAt', 'createdAt', 'updatedAt'],
  mailOutbox: [
    ...[
      'kind',
      'recipient',
      'userId',
      'language',
      'data',
      'attempts',
      'nextAttemptAt',
      'linkSalt',
      'linkedAt',
      'createdAt',
    ],
  ],
  audit_event: [
    ...['type', 'userId', 'actorId', 'sessionId', 'ipAddress', 'userAgent', 'requestId', 'details', 'createdAt'],
  ],
  passkey: [
    ...['name', 'publicKey', 'userId', 'credentialID', 'counter', 'deviceType', 'backedUp', 'transports', 'createdAt'],
    ...['aaguid', 'lastUsedAt'],
  ],
  twoFactor: ['secret', 'backupCodes', 'userId', 'verified', 'failedVerificationCount', 'lockedUntil'],
  trustedDevice: ['userId', 'tokenHash', 'userAgent', 'createdAt', 'expiresAt'],
  rateLimit: ['key', 'count', 'lastRequest'],
  oldTokenEnd: ['userId', 'tokenId', 'issuedBefore', 'sessionId', 'expiresAt', 'createdAt'],
  auth_import: [
    ...['source', 'oldId', 'userId', 'status', 'reason', 'run', 'sourceDigest', 'writtenDigest', 'importedAt'],
  ],
} as const satisfies Record<string, readonly string[]>

/** Never called otherwise: it says what the others are called. */
export const MIGRATION_TABLE = 'auth_migration'
