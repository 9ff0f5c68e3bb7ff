/**
 * What is recorded about accounts: every type of event, with its details. One that is added here also gets a line in
 * contract/activity.json and a text in frontend/src/account/activity/texts.ts. Details hold no secret.
 */
export type Details = {
  'signed-up': None
  /** `newDevice`: in a browser that had not been signed in to this account. */
  'signed-in': { method?: 'password' | 'provider' | 'link' | 'code' | 'old-token'; newDevice?: true }
  /** Of an address that nobody has, no user is recorded. `code`: why it failed. */
  'sign-in-failed': { code: string }
  'signed-out': None
  /** Of one session, `userAgent` is what it was used with. */
  'session-revoked': { count: number; userAgent?: string | null }
  'password-changed': None
  'password-reset': None
  /** `provider`: its id, or `credential` for a password. */
  'sign-in-method-added': { provider: string }
  'sign-in-method-removed': { provider: string }
  /** `name`: as its user calls it, if they do. */
  'passkey-added': { name: string | null }
  'passkey-renamed': { name: string | null }
  'passkey-removed': { name: string | null }
  'second-factor-enabled': None
  'second-factor-disabled': None
  'backup-codes-created': None
  'backup-code-used': None
  /** A browser in which the second factor is not asked for again for a while. */
  'device-trusted': None
  'device-forgotten': None
  /** `service`: its id. */
  'service-connected': { service: string }
  'service-removed': { service: string }
  'email-changed': { from: string; to: string }
  'email-verified': None
  /** By an administrator, or by the operator: then nobody is recorded as who did it. */
  'user-created': None
  'role-changed': { from: string | null; to: string | null }
  banned: { until: string | null }
  unbanned: None
  'user-deleted': None
  'impersonation-started': None
  'impersonation-stopped': None
}

type None = Record<string, never>

export type EventType = keyof Details

/** The compiler requires each type of the table above. */
const TYPES: Record<EventType, true> = {
  'signed-up': true,
  'signed-in': true,
  'sign-in-failed': true,
  'signed-out': true,
  'session-revoked': true,
  'password-changed': true,
  'password-reset': true,
  'sign-in-method-added': true,
  'sign-in-method-removed': true,
  'passkey-added': true,
  'passkey-renamed': true,
  'passkey-removed': true,
  'second-factor-enabled': true,
  'second-factor-disabled': true,
  'backup-codes-created': true,
  'backup-code-used': true,
  'device-trusted': true,
  'device-forgotten': true,
  'service-connected': true,
  'service-removed': true,
  'email-changed': true,
  'email-verified': true,
  'user-created': true,
  'role-changed': true,
  banned: true,
  unbanned: true,
  'user-deleted': true,
  'impersonation-started': true,
  'impersonation-stopped': true,
}

export const EVENT_TYPES = Object.keys(TYPES) as EventType[]

/** Where a request came from. */
export type Origin = { requestId: string; ipAddress: string; userAgent: string | null }

export type NewEvent = {
  [Type in EventType]: {
    type: Type
    /** Whose account it is about; null: of nobody here. */
    userId: string | null
    /** Who did it, if somebody else. */
    actorId?: string | null
    /** The session that began or ended. */
    sessionId?: string | null
    details?: Details[Type]
  }
}[EventType]
