import type { BetterAuthPlugin } from 'better-auth'

export const OLD_TOKEN_TABLE = 'oldTokenEnd'

/**
 * Old tokens that count no more before they expire: one of them (`tokenId`), because it was exchanged, or all of a user, because all
 * sessions were ended (`issuedBefore`: when). Not the tokens: their digests.
 */
export const oldTokenTable = {
  id: 'old-tokens',
  schema: {
    [OLD_TOKEN_TABLE]: {
      fields: {
        userId: {
          type: 'string',
          required: true,
          references: { model: 'user', field: 'id', onDelete: 'cascade' },
          index: true,
        },
        tokenId: { type: 'string', required: false, unique: true },
        issuedBefore: { type: 'date', required: false },
        /** The session that the token was exchanged for. */
        sessionId: { type: 'string', required: false },
        /** Long after any token that it is about may count. */
        expiresAt: { type: 'date', required: true, index: true },
        createdAt: { type: 'date', required: true, defaultValue: () => new Date() },
      },
    },
  },
} as const satisfies BetterAuthPlugin
