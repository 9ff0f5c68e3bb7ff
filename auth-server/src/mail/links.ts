import { createHash, createHmac, hkdfSync, randomUUID } from 'node:crypto'
import type { Pool } from 'pg'
import { tableName } from '../database/names.ts'
import type { Env } from '../env.ts'
import { kindOf } from './kinds.ts'
import type { Mail } from './outbox.ts'
import { MAIL_TABLE } from './table.ts'

export type UserRow = { id: string; email: string; emailVerified: boolean }

/** What a link is good for, as `verification.value` says it: one purpose, one user, one address. */
export const LINK_VALUES = {
  /** better-auth's own: the user's id alone. */
  reset: (userId: string) => userId,
  verify: (userId: string, email: string) => `verify-email:${userId}:${email}`,
  changeEmail: (userId: string, change: EmailChange) => `${changesOf(userId)}${JSON.stringify(change)}`,
  deletion: (userId: string) => `delete-account:${userId}`,
} as const

/** `confirmed`: by whom. The old address first; then the new one. */
export type EmailChange = { confirmedBy: 'old' | 'new'; from: string; to: string }

/** What the value of each of a user's links to change the address begins with. */
export const changesOf = (userId: string) => `change-email:${userId}:`

/** Undefined: this user may not have this link, or does not need it any more. */
export function linkValue({ kind, recipient, data }: Mail, user: UserRow): string | undefined {
  const isAtHome = user.email === recipient
  switch (kind) {
    case 'verify-email':
      return isAtHome && !user.emailVerified ? LINK_VALUES.verify(user.id, user.email) : undefined
    case 'reset-password':
      return isAtHome ? LINK_VALUES.reset(user.id) : undefined
    case 'delete-account':
      return isAtHome ? LINK_VALUES.deletion(user.id) : undefined
    case 'confirm-email-change': {
      const change = { confirmedBy: 'old', from: recipient, to: data.newEmail ?? '' } as const
      return isAtHome ? LINK_VALUES.changeEmail(user.id, change) : undefined
    }
    case 'verify-new-email': {
      const change = { confirmedBy: 'new', from: data.oldEmail ?? '', to: recipient } as const
      return user.email === data.oldEmail ? LINK_VALUES.changeEmail(user.id, change) : undefined
    }
    default:
      return undefined
  }
}

/**
 * Makes the links of mails. A token is an HMAC of the mail's id and salt, so a mail that is sent twice, because a process died
 * between two steps, has one link; the database keeps the token's hash, as better-auth does (`storeIdentifier: 'hashed'`).
 */
export function createLinks(
  pool: Pool,
  env: Pick<Env, 'AUTH_DB_SCHEMA' | 'BETTER_AUTH_SECRET' | 'PUBLIC_URL'>,
): (mail: Mail, value: string) => Promise<string | undefined> {
  const [outbox, verification] = [tableName(env, MAIL_TABLE), tableName(env, 'verification')]
  const key = Buffer.from(hkdfSync('sha256', env.BETTER_AUTH_SECRET, '', 'links of mails', 32))
  // In one statement: the link, the end of those it replaces, and that it is there.
  const make = `
    WITH marked AS (UPDATE ${outbox} SET "linkSalt" = $5, "linkedAt" = now() WHERE "id" = $6),
         replaced AS (DELETE FROM ${verification} WHERE "value" = $3)
    INSERT INTO ${verification} ("id", "identifier", "value", "expiresAt", "createdAt", "updatedAt")
    VALUES ($1, $2, $3, now() + make_interval(secs => $4), now(), now())`
  const extend = `UPDATE ${verification} SET "expiresAt" = now() + make_interval(secs => $2) WHERE "identifier" = $1`

  /** Undefined: the link was used or replaced since an earlier attempt, so nobody waits for the mail. */
  return async function linkFor(mail, value) {
    const { link } = kindOf(mail.kind)
    if (link === undefined) return undefined
    const isNew = mail.linkSalt === null || mail.isLinkOver
    const salt = isNew ? randomUUID() : (mail.linkSalt ?? '')
    const token = createHmac('sha256', key).update(`${mail.id}:${salt}`).digest('base64url')
    const identifier = identifierOf(link.prefix, token)
    const { rowCount } = isNew
      ? await pool.query(make, [randomUUID(), identifier, value, link.seconds, salt, mail.id])
      : await pool.query(extend, [identifier, link.seconds])
    // After the #: no server, log or referrer gets to see it.
    const parameters = new URLSearchParams({ token, email: mail.recipient })
    return rowCount === 0 ? undefined : `${env.PUBLIC_URL}${link.page}#${parameters}`
  }
}

/** As better-auth keeps it. */
function identifierOf(prefix: string, token: string): string {
  return createHash('sha256').update(`${prefix}${token}`).digest('base64url')
}
