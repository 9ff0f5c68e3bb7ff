import { createHash, createHmac, hkdfSync, randomUUID } from 'node:crypto'
import type { Pool } from 'pg'
import { tableName } from '../database/names.ts'
import type { Env } from '../env.ts'
import { codeIdentifier, codeOf, hashOfCode } from './codes.ts'
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
  signIn: (userId: string, email: string) => `sign-in-link:${userId}:${email}`,
  code: (userId: string, hash: Buffer) => `${codesOf(userId)}${hash.toString('base64url')}`,
} as const

/** `confirmed`: by whom. The old address first; then the new one. */
export type EmailChange = { confirmedBy: 'old' | 'new'; from: string; to: string }

/** What the value of each of a user's links to change the address begins with. */
export const changesOf = (userId: string) => `change-email:${userId}:`

/** What the value of each of a user's codes to sign in begins with. */
export const codesOf = (userId: string) => `sign-in-code:${userId}:`

/** Undefined: this user may not have this link, or does not need it any more. */
function linkValue({ kind, recipient, data }: Mail, user: UserRow): string | undefined {
  const isAtHome = user.email === recipient
  switch (kind) {
    case 'verify-email':
      return isAtHome && !user.emailVerified ? LINK_VALUES.verify(user.id, user.email) : undefined
    case 'reset-password':
      return isAtHome ? LINK_VALUES.reset(user.id) : undefined
    case 'sign-in':
      return isAtHome ? LINK_VALUES.signIn(user.id, user.email) : undefined
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

/** What its reader can use, once. Empty where the kind has none, or the settings do not want it. */
export type Keys = { link: string; code: string }

/** A row of `verification`. */
type Row = { identifier: string; value: string; seconds: number }
type LinksEnv = Pick<Env, 'AUTH_DB_SCHEMA' | 'BETTER_AUTH_SECRET' | 'PUBLIC_URL' | 'MAGIC_LINK' | 'EMAIL_CODE'>

/**
 * Makes the links and codes of mails. A token is an HMAC of the mail's id and salt, and so is a code: a mail that is sent twice, because
 * a process died between two steps, has one link. The database keeps hashes, as better-auth does (`storeIdentifier: 'hashed'`).
 * Undefined: nobody waits for the mail, since the link was used or replaced after an earlier attempt, or the user may not have it.
 */
export function createLinks(pool: Pool, env: LinksEnv): (mail: Mail, user: UserRow) => Promise<Keys | undefined> {
  const key = Buffer.from(hkdfSync('sha256', env.BETTER_AUTH_SECRET, '', 'links of mails', 32))
  const { make, extend } = createStatements(pool, env)

  return async function keysFor(mail, user) {
    const isNew = mail.linkSalt === null || mail.isLinkOver
    const salt = isNew ? randomUUID() : (mail.linkSalt ?? '')
    const link = linkOf(mail, user, `${mail.id}:${salt}`)
    const code = codeFor(mail, user, `${mail.id}:${salt}`)
    const rows = [link?.row, code?.row].filter((row) => row !== undefined)
    if (rows.length === 0) return undefined
    const isThere = isNew ? await make(mail, salt, rows) : await extend(rows)
    return isThere ? { link: link?.shown ?? '', code: code?.shown ?? '' } : undefined
  }

  function linkOf(mail: Mail, user: UserRow, seed: string): { shown: string; row: Row } | undefined {
    const { link } = kindOf(mail.kind)
    const value = linkValue(mail, user)
    if (link === undefined || value === undefined || (mail.kind === 'sign-in' && !env.MAGIC_LINK)) return undefined
    const token = createHmac('sha256', key).update(seed).digest('base64url')
    const { next } = mail.data
    // After the #: no server, log or referrer gets to see it.
    const parameters = new URLSearchParams({ token, email: mail.recipient, ...(next !== undefined && { next }) })
    return {
      shown: `${env.PUBLIC_URL}${link.page}#${parameters}`,
      row: { identifier: hashed(`${link.prefix}${token}`), value, seconds: link.seconds },
    }
  }

  function codeFor(mail: Mail, user: UserRow, seed: string): { shown: string; row: Row } | undefined {
    const { code: kind } = kindOf(mail.kind)
    const { askedIn } = mail.data
    if (kind === undefined || askedIn === undefined || !env.EMAIL_CODE || user.email !== mail.recipient)
      return undefined
    const shown = codeOf(env.BETTER_AUTH_SECRET, seed)
    const identifier = codeIdentifier(askedIn, mail.recipient)
    const value = LINK_VALUES.code(user.id, hashOfCode(env.BETTER_AUTH_SECRET, identifier, shown))
    return { shown, row: { identifier: hashed(identifier), value, seconds: kind.seconds } }
  }
}

function createStatements(pool: Pool, env: Pick<Env, 'AUTH_DB_SCHEMA'>) {
  const [outbox, verification] = [tableName(env, MAIL_TABLE), tableName(env, 'verification')]
  const extendOne = `UPDATE ${verification} SET "expiresAt" = now() + make_interval(secs => $2) WHERE "identifier" = $1`

  return {
    /** In one statement: the rows, the end of those they replace, and that they are there. */
    async make({ id }: Pick<Mail, 'id'>, salt: string, rows: readonly Row[]): Promise<boolean> {
      const values: unknown[] = [salt, id]
      const parameter = (value: unknown) => `$${values.push(value)}`
      const written = rows.map(({ identifier, value, seconds }) => {
        const [named, meant] = [parameter(identifier), parameter(value)]
        const row = `(${parameter(randomUUID())}, ${named}, ${meant}, now() + make_interval(secs => ${parameter(seconds)}), now(), now())`
        return { row, replaces: `"identifier" = ${named} OR "value" = ${meant}` }
      })
      await pool.query(
        `WITH marked AS (UPDATE ${outbox} SET "linkSalt" = $1, "linkedAt" = now() WHERE "id" = $2),
              replaced AS (DELETE FROM ${verification} WHERE ${written.map(({ replaces }) => replaces).join(' OR ')})
         INSERT INTO ${verification} ("id", "identifier", "value", "expiresAt", "createdAt", "updatedAt")
         VALUES ${written.map(({ row }) => row).join(', ')}`,
        values,
      )
      return true
    },

    /** False if one of them is gone. */
    async extend(rows: readonly Row[]): Promise<boolean> {
      const extended = await Promise.all(
        rows.map(({ identifier, seconds }) => pool.query(extendOne, [identifier, seconds])),
      )
      return extended.every(({ rowCount }) => rowCount !== 0)
    },
  }
}

/** As better-auth keeps it. */
function hashed(identifier: string): string {
  return createHash('sha256').update(identifier).digest('base64url')
}
