import type { Pool } from 'pg'
import { NotPrimary } from '../database/primary.ts'
import { read } from '../database/unavailable.ts'
import type { Env } from '../env.ts'
import { HttpError } from '../errors.ts'
import type { Log } from '../log.ts'
import { type Credential, createCredentialReader, type Presented } from './credential.ts'
import type { SessionFields } from './fields.ts'
import type { LastUses } from './last-uses.ts'
import {
  type FoundSession,
  type FoundStandby,
  type IdentifiedUser,
  isFromPrimary,
  returnedUser,
  type SessionRow,
  selectSession,
  toSessionRow,
} from './queries.ts'
import { createRefreshAt, createRenewedCookie, isDue, type Refreshed, refreshSession } from './refresh.ts'

/** What GET /internal/session and GET /api/auth/session return, see contract/identity.json. */
export type Identity = {
  /** `refreshAt`: from when on a check refreshes the session; null: never. */
  session: SessionFields & { refreshAt: string | null }
  user: IdentifiedUser
}

export type Identified = {
  identity: Identity
  /** The session was refreshed by this check. */
  isRenewed: boolean
  /** A Set-Cookie value for the browser, when the credential was a cookie that now lasts longer. */
  setCookie: string | undefined
}
/** `disableRefresh`: better-auth's word for a check that refreshes nothing. */
type CheckOptions = { disableRefresh?: boolean }
export type Identify = (presented: Presented, more?: CheckOptions) => Promise<Identified>

type Parts = { env: Env; pool: Pool; log: Log; lastUses: Pick<LastUses, 'note'> }

/** The session check: the signature first, then one statement, and once a day for each session its refresh. */
export function createIdentify(parts: Parts): Identify {
  const check = new SessionCheck(parts)
  return (presented, more) => check.identify(presented, more)
}

class SessionCheck {
  readonly #pool: Pool
  readonly #log: Log
  readonly #lastUses
  readonly #readCredential
  readonly #renewedCookie
  readonly #select
  readonly #readUser
  readonly #refresh
  readonly #refreshAt

  constructor({ env, pool, log, lastUses }: Parts) {
    this.#pool = pool
    this.#log = log
    this.#lastUses = lastUses
    this.#readCredential = createCredentialReader(env)
    this.#renewedCookie = createRenewedCookie(env)
    this.#select = selectSession(env)
    this.#readUser = returnedUser(env).read
    this.#refresh = refreshSession(env)
    this.#refreshAt = createRefreshAt(env)
  }

  /** Throws SESSION_REQUIRED, INVALID_TOKEN, SESSION_EXPIRED, BANNED_USER (nobody) or DATABASE_UNAVAILABLE (don't know). */
  async identify(presented: Presented, { disableRefresh = false }: CheckOptions = {}): Promise<Identified> {
    const credential = this.#readCredential(presented)
    const row = await this.#findLive(credential)
    this.#lastUses.note(row.session.id)
    if (disableRefresh || !isDue(this.#refreshAt(row.session, credential), row.now))
      return this.#identified(row, credential)
    return this.#refreshOrKeep(row, credential)
  }

  async #findLive({ token }: Credential): Promise<SessionRow> {
    const { rows } = await read<FoundSession | FoundStandby>(this.#pool, this.#select(token))
    const [row] = rows
    if (!isFromPrimary(row)) throw new HttpError('DATABASE_UNAVAILABLE', { cause: new NotPrimary() })
    if (row === undefined || row.found.isOver || row.found.isHalfSignedIn) throw new HttpError('SESSION_EXPIRED')
    if (row.found.isBanned) throw new HttpError('BANNED_USER')
    return toSessionRow(row, this.#readUser)
  }

  async #refreshOrKeep(row: SessionRow, credential: Credential): Promise<Identified> {
    const refreshed = await this.#tryRefresh(credential.token)
    if (refreshed === 'failed') return this.#identified(row, credential)
    // Another request refreshed it, holds it locked, or ended it at this moment: only the row can tell.
    if (refreshed === undefined) return this.#identified(await this.#findLive(credential), credential)
    const [expiresAt, updatedAt] = [refreshed.expiresAt.toISOString(), refreshed.updatedAt.toISOString()]
    const renewed = this.#identified({ ...row, session: { ...row.session, expiresAt, updatedAt } }, credential)
    const setCookie = credential.from === 'cookie' ? this.#renewedCookie(credential.token) : undefined
    return { ...renewed, isRenewed: true, setCookie }
  }

  #identified({ session, user }: SessionRow, credential: Credential): Identified {
    const due = this.#refreshAt(session, credential)
    const identity = { session: { ...session, refreshAt: due?.toISOString() ?? null }, user }
    return { identity, isRenewed: false, setCookie: undefined }
  }

  /** A check is not refused because the refresh failed: the session is live, and the next check tries again. */
  async #tryRefresh(token: string): Promise<Refreshed | undefined | 'failed'> {
    try {
      const { rows } = await this.#pool.query<Refreshed>(this.#refresh(token))
      return rows[0]
    } catch (error) {
      this.#log.warn({ err: error }, 'a session could not be refreshed')
      return 'failed'
    }
  }
}
