/** In seconds. */
const MINUTE = 60
const HOUR = 3600
const DAY = 24 * HOUR

type Kind = {
  /** Its link: the page of the app that it opens, what its token is kept under, and for how long it can be used. */
  link?: { page: string; prefix: string; seconds: number }
  /** Its code, which is typed in the browser that asked for it: for how long it can be used. */
  code?: { seconds: number }
  /** What its template may use, besides what all may use (templates/placeholders.ts). */
  values: readonly string[]
  /** To one user, one in so many seconds. Of those that come meanwhile, the last one is sent after that. */
  spacedSeconds?: number
}

/**
 * Every mail that is sent. Another one is a row here, a text in templates/texts-en.ts and texts-de.ts, and, if it has a link, a
 * rule in links.ts for whom it may be made.
 */
export const KINDS = {
  /** The address of a new account is to be confirmed. */
  'verify-email': { link: { page: '/verify-email', prefix: 'verify-email:', seconds: DAY }, values: [] },
  /** Somebody tried to use an address that an account has already. */
  'account-exists': { values: [] },
  'reset-password': { link: { page: '/reset-password', prefix: 'reset-password:', seconds: HOUR }, values: [] },
  'password-changed': { values: ['when'] },
  /** To the old address, before anything is sent to the new one. */
  'confirm-email-change': {
    link: { page: '/change-email', prefix: 'change-email:', seconds: HOUR },
    values: ['newEmail'],
  },
  /** To the new address. */
  'verify-new-email': { link: { page: '/change-email', prefix: 'change-email:', seconds: DAY }, values: [] },
  /** To the old address, which is of no use from now on. */
  'email-changed': { values: ['newEmail', 'when'] },
  'delete-account': { link: { page: '/delete-account', prefix: 'delete-account:', seconds: HOUR }, values: [] },
  'account-deleted': { values: ['when'] },
  /** Somebody signed in, in a browser that had not been signed in to this account. */
  'new-sign-in': { values: ['device', 'ipAddress', 'when', 'devices'], spacedSeconds: 600 },
  /** What one signs in with was changed: `NOTICED_CHANGES`. `title` and `change` say what. */
  'security-changed': { values: ['title', 'change', 'device', 'ipAddress', 'when', 'activity'] },
  /** A link, a code, or both: MAGIC_LINK and EMAIL_CODE say which. What is off has no value, and its paragraph is left out. */
  'sign-in': {
    link: { page: '/sign-in/link', prefix: 'sign-in-link:', seconds: 15 * MINUTE },
    code: { seconds: 10 * MINUTE },
    values: ['code', 'codeValidity'],
  },
} as const satisfies Record<string, Kind>

/** What `security-changed` tells of, by the type of event that is recorded. Their words: templates/changes.ts. */
export const NOTICED_CHANGES = [
  'second-factor-enabled',
  'second-factor-disabled',
  'backup-codes-created',
  'backup-code-used',
  'passkey-added',
  'passkey-removed',
  'sign-in-method-added',
  'sign-in-method-removed',
] as const
export type NoticedChange = (typeof NOTICED_CHANGES)[number]

export const isNoticedChange = (type: string): type is NoticedChange => NOTICED_CHANGES.some((one) => one === type)

export type MailKind = keyof typeof KINDS

export const isMailKind = (name: string): name is MailKind => Object.hasOwn(KINDS, name)

/** By its name alone, where what the kinds have in common is enough. */
export const kindOf = (name: MailKind): Kind => KINDS[name]
