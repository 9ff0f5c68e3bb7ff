import type { Pool } from 'pg'
import { tableName } from '../database/names.ts'
import type { Env } from '../env.ts'
import { kindOf, type MailKind } from './kinds.ts'
import type { Language } from './language.ts'
import { createLinks, linkValue, type UserRow } from './links.ts'
import type { Mail } from './outbox.ts'
import type { Failure, Send } from './smtp.ts'
import { createRender } from './templates/render.ts'

/** `needless`: nobody has such an account, or the link was used in the meantime. */
export type Outcome = 'sent' | 'needless' | Failure

type Parts = { env: Env; pool: Pool; send: Send }

/** One attempt: finds out whom the mail is for, makes its link, writes it and hands it to the mail server. */
export function createDeliver({ env, pool, send }: Parts) {
  const findUser = createFindUser(pool, env)
  const linkFor = createLinks(pool, env)
  const render = createRender({ brand: env.brand, own: env.mailTemplates })

  return async function deliver(mail: Mail, signal: AbortSignal): Promise<Outcome> {
    const kind = await kindToSend(mail)
    const link = kind === mail.kind && kindOf(kind).link ? await makeLink(mail) : ''
    if (link === undefined) return 'needless'
    const message = render(kind, mail.language, { ...valuesOf(mail, env), link })
    return (await send({ ...message, id: mail.id, to: mail.recipient }, signal)) ?? 'sent'
  }

  /** To an address that has an account by now, its owner is told that: the sender of the request never is. */
  async function kindToSend(mail: Mail): Promise<MailKind> {
    const isNewAddress = mail.kind === 'verify-new-email'
    return isNewAddress && (await findUser.byEmail(mail.recipient)) ? 'account-exists' : mail.kind
  }

  async function makeLink(mail: Mail): Promise<string | undefined> {
    const user = mail.userId === null ? await findUser.byEmail(mail.recipient) : await findUser.byId(mail.userId)
    const value = user && linkValue(mail, user)
    return value === undefined ? undefined : linkFor(mail, value)
  }
}

function createFindUser(pool: Pool, env: Pick<Env, 'AUTH_DB_SCHEMA'>) {
  const select = `SELECT "id", "email", "emailVerified" FROM ${tableName(env, 'user')} WHERE`
  const find = (condition: string) => async (value: string) =>
    (await pool.query<UserRow>(`${select} ${condition}`, [value])).rows[0]
  return { byId: find('"id" = $1'), byEmail: find('"email" = $1') }
}

function valuesOf(mail: Mail, { brand, PUBLIC_URL }: Env): Record<string, string> {
  return {
    ...mail.data,
    brand: brand.name,
    email: mail.recipient,
    signIn: `${PUBLIC_URL}/sign-in`,
    forgotPassword: `${PUBLIC_URL}/forgot-password`,
    support: brand.links.support ?? '',
    when: asTime(mail.createdAt, mail.language),
    validity: asDuration(kindOf(mail.kind).link?.seconds ?? 0, mail.language),
  }
}

/** Whoever reads it may be in any time zone, and the server does not know which. */
function asTime(time: Date, language: Language): string {
  const format = { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' } as const
  return `${new Intl.DateTimeFormat(language === 'en' ? 'en-GB' : 'de-DE', format).format(time)} UTC`
}

function asDuration(seconds: number, language: Language): string {
  const unit = { style: 'unit', unitDisplay: 'long', unit: 'hour' } as const
  return new Intl.NumberFormat(language, unit).format(seconds / 3600)
}
