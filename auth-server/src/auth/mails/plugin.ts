import type { BetterAuthPlugin } from 'better-auth'
import { MAIL_SCHEMA } from '../../mail/table.ts'
import { changeEmail, confirmChange } from './change-email.ts'
import { deleteUser } from './delete-account.ts'
import type { Mails } from './mails.ts'
import { requestPasswordReset } from './reset.ts'
import { confirmEmail, sendVerificationEmail } from './verify.ts'

/**
 * The table of mails, and what is confirmed by one. A name that better-auth has too takes the place of its endpoint, at the same path:
 * its own looks the user up before it responds, and makes links that can be used again.
 */
export const mailPlugin = (mails: Mails) =>
  ({
    id: 'mails',
    schema: MAIL_SCHEMA,
    endpoints: {
      requestPasswordReset: requestPasswordReset(mails),
      sendVerificationEmail: sendVerificationEmail(mails),
      confirmEmail: confirmEmail(),
      changeEmail: changeEmail(mails),
      confirmChange: confirmChange(mails),
      deleteUser: deleteUser(mails),
    },
  }) satisfies BetterAuthPlugin
