/**
 * Mails that are to be sent. A row says what is to be sent to whom, and holds no text, link or code: these are made when it is
 * delivered (docs/decisions/0058-mails-are-made-when-delivered.md). It is gone when it was delivered. better-auth writes it,
 * through the transaction that it has open.
 */
export const MAIL_TABLE = 'mailOutbox'

export const MAIL_SCHEMA = {
  [MAIL_TABLE]: {
    fields: {
      kind: { type: 'string', required: true },
      recipient: { type: 'string', required: true },
      /** No foreign key: some mails are about a user who is gone. */
      userId: { type: 'string', required: false },
      language: { type: 'string', required: true },
      /** JSON of what else the mail says, such as the new address. */
      data: { type: 'string', required: false },
      attempts: { type: 'number', required: true },
      /** Whoever delivers it moves this on first: it is due again if that process dies. */
      nextAttemptAt: { type: 'date', required: true },
      /** The link's token follows from it and the secret. Null: there is no link yet. */
      linkSalt: { type: 'string', required: false },
      linkedAt: { type: 'date', required: false },
      createdAt: { type: 'date', required: true },
    },
  },
} as const
