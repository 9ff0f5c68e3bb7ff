import { createHash, randomUUID } from 'node:crypto'
import {
  getCurrentAdapter,
  queueAfterTransactionHook,
  tryGetCurrentAuthEndpointContext,
} from '@better-auth/core/context'
import type { AuthContext } from 'better-auth'
import type { QueryConfig } from 'pg'
import { tableName } from '../../database/names.ts'
import type { Env } from '../../env.ts'
import { kindOf, type MailKind } from '../../mail/kinds.ts'
import { languageOf } from '../../mail/language.ts'
import { MAIL_TABLE } from '../../mail/table.ts'

export type Adapter = AuthContext['adapter']
export type NewMail = { kind: MailKind; recipient: string; userId?: string; data?: Record<string, string> }

/** Counts, and says whether one more is allowed. */
export type Consume = (key: string, limit: { window: number; max: number }) => Promise<{ allowed: boolean }>

export type Mails = {
  /** Whether mails are sent at all. */
  isOn: boolean
  /** Whether an address must be verified before its account can be used. */
  isVerificationRequired: boolean
  /** Writes a mail in the transaction that is open, if one is: it is sent if that is committed, and only then. */
  add: (adapter: Adapter, mail: NewMail) => Promise<void>
  /**
   * Writes a mail that anybody may ask for, to an address that they name. Not more often than a mailbox can bear; the caller is told
   * nothing. Never inside of a transaction: it counts on another connection.
   *
   * `device`: a browser that has signed in to the account before is counted separately, so that no stranger uses its mails up.
   */
  request: (adapter: Adapter, mail: NewMail, device?: string) => Promise<void>
  /** What `add` does, for transactions of our own: `wake` after the commit. For mails without a link. */
  statement: (mail: NewMail) => QueryConfig
  /** The whole row of it, for a statement that writes more. */
  rowOf: (mail: NewMail) => Record<string, unknown>
  wake: () => void
}

/** Seconds. To one address: one mail of a kind a minute, and so many of all kinds until an hour has passed without one. */
const COOL_DOWN = { window: 60, max: 1 }
const FLOOD = { window: 3600, max: 10 }

type Parts = Pick<Mails, 'isOn' | 'isVerificationRequired' | 'wake'> & {
  env: Pick<Env, 'AUTH_DB_SCHEMA' | 'DEFAULT_LANGUAGE'>
  consume: Consume
}

export function createMails({ env, consume, ...settings }: Parts): Mails {
  const { wake } = settings
  async function add(adapter: Adapter, mail: NewMail): Promise<void> {
    const current = await getCurrentAdapter(adapter)
    if (kindOf(mail.kind).link && (await isWaiting(current, mail))) return
    await current.create({ model: MAIL_TABLE, data: rowOf(mail, env) })
    await queueAfterTransactionHook(async () => wake())
  }

  const wholeRowOf = (mail: NewMail) => ({ id: randomUUID(), ...rowOf(mail, env) })

  function statement(mail: NewMail): QueryConfig {
    const row = wholeRowOf(mail)
    const columns = Object.keys(row).map((name) => `"${name}"`)
    const text = `
      INSERT INTO ${tableName(env, MAIL_TABLE)} (${columns.join(', ')})
      VALUES (${columns.map((_, index) => `$${index + 1}`).join(', ')})`
    return { text, values: Object.values(row) }
  }

  async function mayAsk({ kind, recipient }: NewMail, device?: string): Promise<boolean> {
    const address = createHash('sha256').update(recipient).digest('base64url')
    const asker = device === undefined ? address : `${address}|${device}`
    const { allowed } = await consume(`mail|${kind}|${asker}`, COOL_DOWN)
    return allowed && (await consume(`mail|${asker}`, FLOOD)).allowed
  }

  return {
    ...settings,
    add,
    statement,
    rowOf: wholeRowOf,
    request: async (adapter, mail, device) => {
      const normalized = { ...mail, recipient: mail.recipient.toLowerCase() }
      if (await mayAsk(normalized, device)) await add(adapter, normalized)
    },
  }
}

function rowOf(mail: NewMail, { DEFAULT_LANGUAGE }: Pick<Env, 'DEFAULT_LANGUAGE'>) {
  const now = new Date()
  return {
    ...mail,
    userId: mail.userId ?? null,
    language: languageOf(tryGetCurrentAuthEndpointContext()?.headers?.get('accept-language'), DEFAULT_LANGUAGE),
    data: mail.data ? JSON.stringify(mail.data) : null,
    ...{ attempts: 0, nextAttemptAt: now, createdAt: now },
  }
}

/** Its link is made when it is sent, so a second one would say the same. */
async function isWaiting(adapter: Pick<Adapter, 'findOne'>, { kind, recipient, data }: NewMail): Promise<boolean> {
  const found = await adapter.findOne({
    model: MAIL_TABLE,
    where: [
      { field: 'kind', value: kind },
      { field: 'recipient', value: recipient },
      { field: 'data', value: data ? JSON.stringify(data) : null },
      { field: 'linkSalt', value: null },
    ],
  })
  return found !== null
}

/** For migrations, which send nothing. */
export const NO_MAILS: Mails = {
  isOn: false,
  isVerificationRequired: false,
  add: async () => undefined,
  request: async () => undefined,
  statement: () => ({ text: '' }),
  rowOf: () => ({}),
  wake: () => undefined,
}
