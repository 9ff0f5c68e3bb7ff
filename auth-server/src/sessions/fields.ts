/**
 * Every column of better-auth's tables "session" and "user", and what a session check does with it. The query, the
 * types, the identity and the columns whose changes the triggers announce are made from this table.
 *
 * A column that better-auth gains, with a plugin or an additional field, is added here: fields.test.ts names those that
 * are missing. One that is `returned` also has a line in contract/identity.json.
 */
type Column = {
  /** As the database keeps it; `?` may be null. */
  type: 'text' | 'text?' | 'boolean' | 'boolean?' | 'timestamp' | 'timestamp?'
  /** `returned` is part of the identity; `read` decides whether there is one; `unused` is neither. */
  use: 'returned' | 'read' | 'unused'
  /** SQL of a trigger's condition. Without it every change is announced, except of an unused column. */
  announcedIf?: string
}

/** A refresh moves both times forward and stays silent: it happens once a day for each session, and ends nothing. */
const ENDS_SOONER = 'NEW."expiresAt" < OLD."expiresAt"'
const NOT_REFRESHED = 'NEW."expiresAt" = OLD."expiresAt" AND NEW."updatedAt" IS DISTINCT FROM OLD."updatedAt"'

export const FIELDS = {
  session: {
    id: { type: 'text', use: 'returned' },
    userId: { type: 'text', use: 'returned' },
    token: { type: 'text', use: 'read' },
    createdAt: { type: 'timestamp', use: 'returned' },
    updatedAt: { type: 'timestamp', use: 'returned', announcedIf: NOT_REFRESHED },
    expiresAt: { type: 'timestamp', use: 'returned', announcedIf: ENDS_SOONER },
    ipAddress: { type: 'text?', use: 'returned' },
    userAgent: { type: 'text?', use: 'returned' },
    impersonatedBy: { type: 'text?', use: 'returned' },
    lastUsedAt: { type: 'timestamp?', use: 'unused' },
    secondFactorAt: { type: 'timestamp?', use: 'returned' },
  },
  user: {
    id: { type: 'text', use: 'returned' },
    email: { type: 'text', use: 'returned' },
    emailVerified: { type: 'boolean', use: 'returned' },
    name: { type: 'text', use: 'returned' },
    image: { type: 'text?', use: 'returned' },
    role: { type: 'text?', use: 'returned' },
    twoFactorEnabled: { type: 'boolean?', use: 'read' },
    banned: { type: 'boolean?', use: 'read' },
    banReason: { type: 'text?', use: 'unused' },
    banExpires: { type: 'timestamp?', use: 'read' },
    createdAt: { type: 'timestamp', use: 'returned' },
    updatedAt: { type: 'timestamp', use: 'returned' },
  },
} as const satisfies Record<string, Record<string, Column>>

/** Computed by the database for each check, from columns of `s` (session) and `u` (user) that are `read` or `returned`. */
export const COMPUTED = {
  now: 'now()',
  isOver: 's."expiresAt" <= now()',
  isBanned: 'coalesce(u."banned" AND coalesce(u."banExpires" > now(), true), false)',
  /**
   * Made before the user turned a second factor on, or past the rule that asks for it (auth/second-factor.ts). An
   * administrator who acts as the user was asked at their own sign-in.
   */
  isHalfSignedIn: 'coalesce(u."twoFactorEnabled", false) AND s."secondFactorAt" IS NULL AND s."impersonatedBy" IS NULL',
} as const

type Table = keyof typeof FIELDS
/** A time is ISO 8601 in UTC, with milliseconds. */
type Values = { text: string; boolean: boolean; timestamp: string }
type ValueOf<Type> = Type extends keyof Values
  ? Values[Type]
  : Type extends `${infer Base extends keyof Values}?`
    ? Values[Base] | null
    : never
type Returned<Columns> = {
  [Name in keyof Columns as Columns[Name] extends { use: 'returned' } ? Name : never]: Columns[Name] extends Column
    ? ValueOf<Columns[Name]['type']>
    : never
}

/** The returned columns of a session and of its user. */
export type SessionFields = Returned<(typeof FIELDS)['session']>
export type UserFields = Returned<(typeof FIELDS)['user']>

type Field = { name: string; isTime: boolean }

export function columnsOf(table: Table): [string, Column][] {
  return Object.entries(FIELDS[table])
}

export function returnedFields(table: Table): Field[] {
  return columnsOf(table)
    .filter(([, { use }]) => use === 'returned')
    .map(([name, { type }]) => ({ name, isTime: type.startsWith('timestamp') }))
}
