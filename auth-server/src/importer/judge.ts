import { createHmac } from 'node:crypto'
import { isEmail, isImage, isName, NAME_MAX } from '../auth/user-rules.ts'
import type { Env } from '../env.ts'
import { readStored } from '../passwords/forms.ts'
import type { ImportOptions } from './options.ts'
import type { Outcome, Reason } from './reasons.ts'
import type { SourceUser } from './system.ts'

/** One user as it would be written. */
export type Judged = {
  oldId: string
  userId: string
  email: string | null
  name: string | null
  image: string | null
  /** null: neither the source nor the operator says. */
  emailVerified: boolean | null
  createdAt: Date | null
  role: string | null
  banned: boolean
  banExpires: Date | null
  password: string | null
  /** `password` is a bare digest then: argon2id of it is written, behind this. */
  envelope: string | null
  /** Of what the old system has, to see at the next run whether it changed. Keyed: it may be a bare digest. */
  sourceDigest: string | null
  format: string | null
  accounts: readonly { providerId: string; accountId: string }[]
  outcome: Outcome
  reasons: readonly Reason[]
}

export type Rules = Pick<ImportOptions, 'verified' | 'makesAdmins' | 'takesWeak' | 'idPrefix'> & {
  legacyKeys: Env['legacyKeys']
  secret: string
  isUuid: boolean
  now: Date
}

const ID_MAX = 255
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** The same rules as for whoever signs up here. Pure. */
export function judge(source: SourceUser, rules: Rules): Judged {
  // The database makes no difference between them either.
  const oldId = rules.isUuid ? source.oldId.toLowerCase() : source.oldId
  const userId = rules.idPrefix + oldId
  const email = addressOf(source.email)
  const refused = refusalOf(source, userId, email, rules.isUuid)
  const base = { oldId, userId, email }
  if (refused !== undefined) return { ...base, ...NOTHING, outcome: 'skip', reasons: [refused] }
  const reasons = new Set(source.remarks)
  const password = judgePassword(source.password, rules, reasons)
  const createdAt = dateOf(source.createdAt)
  if (createdAt !== null && createdAt > rules.now) reasons.add('future-date')
  const isBanned = source.banned && !(source.banExpires !== null && source.banExpires <= rules.now)
  if (source.isAdmin && !rules.makesAdmins) reasons.add('was-admin')
  return {
    ...base,
    ...password,
    name: nameOf(source.name, email ?? '', reasons),
    image: imageOf(source.image, reasons),
    emailVerified: source.emailVerified ?? (rules.verified === undefined ? null : rules.verified === 'all'),
    createdAt: createdAt !== null && createdAt > rules.now ? rules.now : createdAt,
    role: source.isAdmin && rules.makesAdmins ? 'admin' : null,
    banned: isBanned,
    banExpires: isBanned ? dateOf(source.banExpires) : null,
    accounts: accountsOf(source.accounts, reasons),
    outcome: outcomeOf(isBanned, password.password !== null),
    reasons: [...reasons],
  }
}

const NOTHING = {
  ...{ name: null, image: null, emailVerified: null, createdAt: null, role: null, banned: false, banExpires: null },
  ...{ password: null, envelope: null, sourceDigest: null, format: null, accounts: [] },
}

function outcomeOf(isBanned: boolean, hasPassword: boolean): Outcome {
  if (isBanned) return 'import-banned'
  return hasPassword ? 'import' : 'import-no-password'
}

function refusalOf(source: SourceUser, userId: string, email: string | null, isUuid: boolean): Reason | undefined {
  if (source.skip !== null) return source.skip
  const isId = source.oldId !== '' && userId.length <= ID_MAX && !/\p{Cc}|\p{Cs}/u.test(userId)
  if (!isId || (isUuid && !UUID.test(userId))) return 'bad-id'
  if (source.email === null || source.email.trim() === '') return 'no-email'
  return email === null ? 'bad-email' : undefined
}

/** ASCII first: U+212A and a few others become ASCII when they are lower-cased, and another address. */
function addressOf(email: string | null): string | null {
  const trimmed = (email ?? '').trim()
  if (trimmed.length > 254 || !/^[\x21-\x7e]+$/.test(trimmed)) return null
  const lower = trimmed.toLowerCase()
  return isEmail(lower) ? lower : null
}

/** Whatever is taken off is said: nothing changes silently. */
function nameOf(given: string | null, email: string, reasons: Set<Reason>): string {
  // More than is kept of any name: a hostile one has megabytes.
  const head = (given ?? '').slice(0, NAME_MAX * 4)
  const visible = head.replaceAll(/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]+/gu, ' ').trim()
  const name = [...visible].slice(0, NAME_MAX).join('').trim()
  if (!isName(name)) {
    reasons.add('name-from-email')
    return email.slice(0, email.indexOf('@'))
  }
  if (name !== given?.trim()) reasons.add('name-cleaned')
  return name
}

function imageOf(image: string | null, reasons: Set<Reason>): string | null {
  const given = image?.trim() ?? ''
  if (given === '') return null
  if (isImage(given)) return given
  reasons.add('image-dropped')
  return null
}

/** PostgreSQL has other bounds than JavaScript, and nobody signed up before 1970. */
function dateOf(date: Date | null): Date | null {
  return date !== null && date.getTime() >= 0 && date.getUTCFullYear() <= 9999 ? date : null
}

function accountsOf(accounts: SourceUser['accounts'], reasons: Set<Reason>): Judged['accounts'] {
  const kept = new Map<string, SourceUser['accounts'][number]>()
  for (const { providerId, accountId } of accounts) {
    // `credential` is a password's, and `connected:` is no way to sign in.
    const isUsable =
      /^(?!credential$)[A-Za-z0-9._-]{1,64}$/.test(providerId) && /^[^\p{Cc}\p{Cs}]{1,255}$/u.test(accountId)
    if (isUsable) kept.set(`${providerId} ${accountId}`, { providerId, accountId })
    else reasons.add('account-lost')
  }
  return [...kept.values()]
}

type JudgedPassword = Pick<Judged, 'password' | 'envelope' | 'sourceDigest' | 'format'>
const NO_PASSWORD: JudgedPassword = { password: null, envelope: null, sourceDigest: null, format: null }

/** By the reader that sign-in has: what it would refuse there is not written here. */
function judgePassword(given: SourceUser['password'], rules: Rules, reasons: Set<Reason>): JudgedPassword {
  if (given.kind === 'none') {
    reasons.add('no-password')
    return NO_PASSWORD
  }
  if (given.kind === 'refused') {
    reasons.add(given.reason)
    return NO_PASSWORD
  }
  if (given.kind === 'digest') {
    reasons.add('digest-wrapped')
    const sourceDigest = digestOf(`${given.envelope}$${given.digest}`, rules.secret)
    return { password: given.digest, envelope: given.envelope, sourceDigest, format: given.format }
  }
  const stored = readStored(given.hash, rules.legacyKeys)
  if (typeof stored === 'string' || (given.kind === 'weak' && !rules.takesWeak)) {
    reasons.add(typeof stored === 'string' ? 'hash-limits' : 'weak-hash')
    return NO_PASSWORD
  }
  const sourceDigest = digestOf(given.hash, rules.secret)
  return { password: given.hash, envelope: null, sourceDigest, format: stored.format }
}

function digestOf(text: string, secret: string): string {
  return createHmac('sha256', `auth_import ${secret}`).update(text).digest('base64url')
}
