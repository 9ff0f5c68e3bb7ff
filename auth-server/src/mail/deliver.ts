import type { Pool } from 'pg'
import { tableName } from '../database/names.ts'
import type { Env } from '../env.ts'
import { isNoticedChange, kindOf, type MailKind } from './kinds.ts'
import type { Language } from './language.ts'
import { createLinks, type Keys, type UserRow } from './links.ts'
import type { Mail, Outbox } from './outbox.ts'
import type { Failure, Send } from './smtp.ts'
import { deviceIn, passwordIn, wordsOf } from './templates/changes.ts'
import { createRender } from './templates/render.ts'

/**
 * `needless`: nobody has such an account, or the link was used in the meantime, or a later mail says it. `too-soon`: after one of its
 * kind to the same user.
 */
export type Outcome = 'sent' | 'needless' | Failure | { kind: 'too-soon'; seconds: number }

/** Counts in the database, for all servers together. */
export type Spacing = {
  consume: (
    key: string,
    limit: { window: number; max: number },
  ) => Promise<{ allowed: boolean; retryAfter: number | null }>
  giveBack: (key: string) => Promise<void>
}

type Parts = { env: Env; pool: Pool; send: Send; outbox: Pick<Outbox, 'isLast'>; spacing: Spacing }

/** One attempt: finds out whom the mail is for, makes its link, writes it and hands it to the mail server. */
export function createDeliver({ env, pool, send, outbox, spacing }: Parts) {
  const findUser = createFindUser(pool, env)
  const keysFor = createLinks(pool, env)
  const render = createRender({ brand: env.brand, own: env.mailTemplates })

  return async function deliver(mail: Mail, signal: AbortSignal): Promise<Outcome> {
    const kind = await kindToSend(mail)
    const keys = kind === mail.kind && kindOf(kind).link ? await makeKeys(mail) : NO_KEYS
    if (keys === undefined) return 'needless'
    const message = render(kind, mail.language, { ...valuesOf(mail, env), ...shownOf(keys, mail) })
    return spaced(mail, async () => (await send({ ...message, id: mail.id, to: mail.recipient }, signal)) ?? 'sent')
  }

  async function spaced(mail: Mail, attempt: () => Promise<Outcome>): Promise<Outcome> {
    const { spacedSeconds: window } = kindOf(mail.kind)
    if (window === undefined) return attempt()
    const key = `mail|${mail.kind}|${mail.userId}`
    const { allowed, retryAfter } = await spacing.consume(key, { window, max: 1 })
    if (!allowed)
      return (await outbox.isLast(mail.id)) ? { kind: 'too-soon', seconds: retryAfter ?? window } : 'needless'
    const outcome = await attempt()
    if (outcome !== 'sent') await spacing.giveBack(key)
    return outcome
  }

  /** To an address that has an account by now, its owner is told that: the sender of the request never is. */
  async function kindToSend(mail: Mail): Promise<MailKind> {
    const isNewAddress = mail.kind === 'verify-new-email'
    return isNewAddress && (await findUser.byEmail(mail.recipient)) ? 'account-exists' : mail.kind
  }

  async function makeKeys(mail: Mail): Promise<Keys | undefined> {
    const user = mail.userId === null ? await findUser.byEmail(mail.recipient) : await findUser.byId(mail.userId)
    return user && keysFor(mail, user)
  }
}

function createFindUser(pool: Pool, env: Pick<Env, 'AUTH_DB_SCHEMA'>) {
  const select = `SELECT "id", "email", "emailVerified" FROM ${tableName(env, 'user')} WHERE`
  const find = (condition: string) => async (value: string) =>
    (await pool.query<UserRow>(`${select} ${condition}`, [value])).rows[0]
  return { byId: find('"id" = $1'), byEmail: find('"email" = $1') }
}

const NO_KEYS: Keys = { link: '', code: '' }

/** For how long, only of what there is: a paragraph about nothing is left out. */
function shownOf({ link, code }: Keys, { kind, language }: Mail): Record<string, string> {
  const seconds = kindOf(kind)
  return {
    link,
    code,
    validity: link && asDuration(seconds.link?.seconds ?? 0, language),
    codeValidity: code && asDuration(seconds.code?.seconds ?? 0, language),
  }
}

function valuesOf(mail: Mail, { brand, PUBLIC_URL, providers }: Env): Record<string, string> {
  const { change = '', name, browser, system, ipAddress, ...data } = mail.data
  const { language } = mail
  const device = { ...(browser && { browser }), ...(system && { system }) }
  const provider = providers.find(({ id }) => id === name)?.name
  const shown = name === 'credential' ? passwordIn(language) : (provider ?? name)
  return {
    ...data,
    // Of what somebody else did, no device is known, and none is said.
    ...(ipAddress && { ipAddress, device: deviceIn(language, device) }),
    ...(isNoticedChange(change) && wordsOf(change, language, { brand: brand.name, name: shown })),
    devices: `${PUBLIC_URL}/account#devices`,
    activity: `${PUBLIC_URL}/account#activity`,
    brand: brand.name,
    email: mail.recipient,
    signIn: `${PUBLIC_URL}/sign-in`,
    forgotPassword: `${PUBLIC_URL}/forgot-password`,
    support: brand.links.support ?? '',
    when: asTime(mail.createdAt, language),
  }
}

/** Whoever reads it may be in any time zone, and the server does not know which. */
function asTime(time: Date, language: Language): string {
  const format = { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' } as const
  return `${new Intl.DateTimeFormat(language === 'en' ? 'en-GB' : 'de-DE', format).format(time)} UTC`
}

function asDuration(seconds: number, language: Language): string {
  const [unit, amount] = seconds < 3600 ? (['minute', seconds / 60] as const) : (['hour', seconds / 3600] as const)
  return new Intl.NumberFormat(language, { style: 'unit', unitDisplay: 'long', unit }).format(amount)
}
