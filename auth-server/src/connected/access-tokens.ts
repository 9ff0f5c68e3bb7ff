import { setTimeout as sleep } from 'node:timers/promises'
import type { Pool } from 'pg'
import { ProviderRefusal } from '../auth/providers/request.ts'
import { isDatabaseUnavailable, read, write } from '../database/unavailable.ts'
import type { Env } from '../env.ts'
import { HttpError } from '../errors.ts'
import type { Log } from '../log.ts'
import { KeyRing, type Place, Undecryptable } from './encryption.ts'
import type { OAuthClient, Tokens } from './oauth.ts'
import { type AskedRow, type ConnectionRow, connectionQueries } from './queries.ts'

type Parts = { env: Env; pool: Pool; log: Log; clients: ReadonlyMap<string, OAuthClient> }

/** How long one process has for a refresh: longer than the service's request and the writing of its result may take. */
const LEASE_SECONDS = 10
/** How long a caller is kept waiting; auth_sidecar waits a little longer. */
const WAIT_MS = 4000
const LOOK_AGAIN_MS = 100
/** Of the writing of what the service has just handed out, and will not hand out again. */
const STORE_AGAIN_MS = [100, 200, 400, 800, 1600]
/** RFC 6749 §5.2, and GitHub's own name for it. */
const REVOKED = new Set(['invalid_grant', 'bad_refresh_token'])

/**
 * A user's token for a service, refreshed when that is due. Services that rotate refresh tokens take each of them once, so one
 * process at a time refreshes (by a lease in the row, which holds no database connection while the service responds), and
 * stores what it got before anybody uses it.
 */
export class AccessTokens {
  readonly #pool: Pool
  readonly #log: Log
  readonly #services: ReadonlySet<string>
  readonly #clients: ReadonlyMap<string, OAuthClient>
  readonly #keys: KeyRing
  readonly #queries
  /** By the connection's id. What is under way in this process is shared. */
  readonly #refreshes = new Map<string, Promise<void>>()

  constructor({ env, pool, log, clients }: Parts) {
    this.#pool = pool
    this.#log = log
    this.#services = new Set(env.connectedServices.map(({ id }) => id))
    this.#clients = clients
    this.#keys = new KeyRing(env.encryptionKeys)
    this.#queries = connectionQueries(env)
  }

  /**
   * Throws SERVICE_NOT_FOUND, SERVICE_NOT_CONNECTED, CONNECTION_REVOKED; SESSION_EXPIRED or BANNED_USER where the user is signed in
   * nowhere; and SERVICE_UNAVAILABLE, CONNECTION_UNREADABLE or DATABASE_UNAVAILABLE where nothing is known.
   */
  async get(userId: string, service: string): Promise<{ accessToken: string; expiresAt: Date | null }> {
    if (!this.#services.has(service)) throw new HttpError('SERVICE_NOT_FOUND')
    const deadline = performance.now() + WAIT_MS
    for (;;) {
      const row = await this.#find(userId, service)
      const client = this.#clients.get(service)
      if (!row.isDue || client === undefined) return this.#opened(row)
      if (row.refreshToken === null) {
        if (row.isOver) throw new HttpError('CONNECTION_REVOKED')
        return this.#opened(row)
      }
      const left = deadline - performance.now()
      if (left <= 0) throw new HttpError('SERVICE_UNAVAILABLE', { cause: new Error('the refresh took too long') })
      try {
        await Promise.race([this.#refresh(row, client), sleep(left, undefined, { ref: false })])
      } catch (error) {
        const isUnknown = error instanceof HttpError && error.code === 'SERVICE_UNAVAILABLE'
        // It is refreshed early, so that there is time to try again.
        if (isUnknown && !row.isOver) return this.#opened(row)
        throw error
      }
    }
  }

  async #find(userId: string, service: string): Promise<ConnectionRow> {
    const { rows } = await read<AskedRow>(this.#pool, this.#queries.ask(userId, service)).catch((error: unknown) => {
      // A text that is no id, where ids are uuids: SQLSTATE class 22.
      const isNoId = error instanceof Error && 'code' in error && String(error.code).startsWith('22')
      throw isNoId ? new HttpError('SESSION_EXPIRED') : error
    })
    const [row] = rows
    if (row?.isBanned) throw new HttpError('BANNED_USER')
    if (!row?.isSignedIn) throw new HttpError('SESSION_EXPIRED')
    if (row.id === null) throw new HttpError('SERVICE_NOT_CONNECTED')
    if (row.isRevoked) throw new HttpError('CONNECTION_REVOKED')
    return row
  }

  #opened(row: ConnectionRow): { accessToken: string; expiresAt: Date | null } {
    const accessToken = this.#decrypt(row.accessToken, { ...row, column: 'accessToken' })
    return { accessToken, expiresAt: row.accessTokenExpiresAt }
  }

  #refresh(row: ConnectionRow, client: OAuthClient): Promise<void> {
    const known = this.#refreshes.get(row.id)
    if (known) return known
    const refresh = this.#refreshAlone(row, client).finally(() => this.#refreshes.delete(row.id))
    this.#refreshes.set(row.id, refresh)
    // Also where everybody who waited for it has gone.
    refresh.catch(() => undefined)
    return refresh
  }

  /** Returns when the row is worth another look. */
  async #refreshAlone(row: ConnectionRow, client: OAuthClient): Promise<void> {
    const refreshToken = this.#decrypt(row.refreshToken ?? '', { ...row, column: 'refreshToken' })
    const until = await this.#lease(row)
    if (!until) return sleep(LOOK_AGAIN_MS)
    const tokens = await client.refresh(refreshToken).catch(async (error: unknown) => {
      const isRevoked = error instanceof ProviderRefusal && REVOKED.has(error.reason)
      await write(this.#pool, this.#queries.release(row.id, until, isRevoked))
      if (isRevoked) throw new HttpError('CONNECTION_REVOKED')
      throw new HttpError('SERVICE_UNAVAILABLE', { cause: error })
    })
    await this.#store(row, until, tokens)
  }

  async #lease(row: ConnectionRow): Promise<Date | undefined> {
    const { rows } = await write<{ refreshLeaseUntil: Date }>(this.#pool, this.#queries.lease(row, LEASE_SECONDS))
    return rows[0]?.refreshLeaseUntil
  }

  /** No row takes it where the user has connected again, or removed the connection: then that counts. */
  async #store(row: ConnectionRow, until: Date, { accessToken, refreshToken, ...about }: Tokens): Promise<void> {
    const store = this.#queries.store(row.id, until, {
      ...about,
      accessToken: this.#keys.encrypt(accessToken, { ...row, column: 'accessToken' }),
      refreshToken:
        refreshToken === null ? row.refreshToken : this.#keys.encrypt(refreshToken, { ...row, column: 'refreshToken' }),
    })
    for (const pause of STORE_AGAIN_MS) {
      const isStored = await this.#pool.query(store).then(
        () => true,
        (error: unknown) => {
          if (!isDatabaseUnavailable(error)) throw error
          return false
        },
      )
      if (isStored) return
      await sleep(pause)
    }
    await write(this.#pool, store).catch((error: unknown) => {
      this.#log.error({ err: error }, 'a refreshed token could not be stored: its user may have to connect again')
      throw error
    })
  }

  #decrypt(value: string, place: Place): string {
    try {
      return this.#keys.decrypt(value, place)
    } catch (error) {
      throw error instanceof Undecryptable ? new HttpError('CONNECTION_UNREADABLE', { cause: error }) : error
    }
  }
}
