import type { BetterAuthPlugin } from 'better-auth'

export const AUDIT_TABLE = 'audit_event'

/**
 * The table, in better-auth's terms: its adapter writes rows in the transaction of what they record, and `migrate` makes the table
 * like its others. No foreign key: that a user was deleted is recorded, and stays.
 */
export const auditTable = {
  id: 'audit',
  schema: {
    [AUDIT_TABLE]: {
      fields: {
        type: { type: 'string', required: true },
        userId: { type: 'string', required: false },
        actorId: { type: 'string', required: false },
        sessionId: { type: 'string', required: false },
        ipAddress: { type: 'string', required: false },
        userAgent: { type: 'string', required: false },
        requestId: { type: 'string', required: false },
        details: { type: 'json', required: false },
        createdAt: { type: 'date', required: true, defaultValue: () => new Date() },
      },
    },
  },
} as const satisfies BetterAuthPlugin
