import type { Pool } from 'pg'
import { read } from '../database/read.ts'
import type { Env } from '../env.ts'
import { HttpError } from '../errors.ts'
import type { Log } from '../log.ts'
import { type Credential, createCredentialReader, type Presented } from './credential.ts'
import { extendSession, type FoundSession, type SessionRow, selectSession, toSessionRow } from './queries.ts'
import { isDue, refreshAt } from './refresh.ts'
import { createRenewedCookie } from './renewed-cookie.ts'

/** What GET /internal/session and GET /api/auth/session answer. Times are ISO 8601, UTC, milliseconds. */
export type Identity = {
  session: {
    id: string
    userId: string
    createdAt: string
    updatedAt: string
    expiresAt: string
    /** When the next check will extend the session; null: never. */
    refreshAt: string | null
    ipAddress: string | null
    userAgent: string | null
  }
  user: {
    id: string
    email: string
    emailVerified: boolean
    name: string
    image: string | null
    role: string | null
    createdAt: string
    updatedAt: string
  }
}

export type Identified = {
  identity: Identity
  /** The session was extended by this check. */
  isRenewed: boolean
  /** A Set-Cookie value for the browser, when the credential was a cookie that now lasts longer. */
  setCookie: string | undefined
}
/** `disableRefresh`: better-auth's word for a check that extends nothing. */
export type Identify = (presented: Presented, more?: { disableRefresh?: boolean }) => Promise<Identified>

/**
 * Answers "who is this?": the signature first, then one statement, then, once a day per session, its extension.
 * Throws SESSION_REQUIRED, INVALID_TOKEN, SESSION_EXPIRED, BANNED_USER (nobody) or DATABASE_UNAVAILABLE (don't know).
 */
export function createIdentify({ env, pool, log }: { env: Env; pool: Pool; log: Log }): Identify {
  const readCredential = createCredentialReader(env)
  const renewedCookie = createRenewedCookie(env)
  const select = selectSession(env)
  const extend = extendSession(env)

  return async function identify(presented, { disableRefresh = false } = {}) {
    const credential = readCredential(presented)
    const row = await findLive(credential)
    const due = refreshAt(row, credential)
    if (disableRefresh || !isDue(due, row.now)) return answer(row, credential)
    return extendOrKeep(row, credential)
  }

  async function findLive({ token }: Credential): Promise<SessionRow> {
    const { rows } = await read<FoundSession>(pool, select(token))
    const [row] = rows
    if (row === undefined || row.found.isOver) throw new HttpError('SESSION_EXPIRED')
    if (row.found.isBanned) throw new HttpError('BANNED_USER')
    return toSessionRow(row)
  }

  async function extendOrKeep(row: SessionRow, credential: Credential): Promise<Identified> {
    const extended = await tryExtend(credential.token)
    if (extended === 'failed') return answer(row, credential)
    if (extended !== undefined) return answer({ ...row, ...extended }, credential, { isRenewed: true })
    // Somebody else extended it, holds it locked, or ended it in this moment: only the row can tell.
    return answer(await findLive(credential), credential)
  }

  /** A check is not refused because the extension failed: the session is live, and the next check tries again. */
  async function tryExtend(token: string): Promise<Pick<SessionRow, 'expiresAt' | 'updatedAt'> | undefined | 'failed'> {
    try {
      const { rows } = await pool.query<Pick<SessionRow, 'expiresAt' | 'updatedAt'>>(extend(token))
      return rows[0]
    } catch (error) {
      log.warn({ err: error }, 'a session could not be extended')
      return 'failed'
    }
  }

  function answer(row: SessionRow, credential: Credential, { isRenewed = false } = {}): Identified {
    const setCookie = isRenewed && credential.from === 'cookie' ? renewedCookie(credential.token) : undefined
    return { identity: toIdentity(row, refreshAt(row, credential)), isRenewed, setCookie }
  }
}

/** Field by field: a new column must never become public by itself, and the token least of all. */
function toIdentity(row: SessionRow, due: Date | null): Identity {
  return {
    session: {
      id: row.id,
      userId: row.userId,
      createdAt: row.createdAt.toISOString(),
      updatedAt: row.updatedAt.toISOString(),
      expiresAt: row.expiresAt.toISOString(),
      refreshAt: due === null ? null : due.toISOString(),
      ipAddress: row.ipAddress,
      userAgent: row.userAgent,
    },
    user: {
      id: row.userId,
      email: row.email,
      emailVerified: row.emailVerified,
      name: row.name,
      image: row.image,
      role: row.role,
      createdAt: row.userCreatedAt.toISOString(),
      updatedAt: row.userUpdatedAt.toISOString(),
    },
  }
}
