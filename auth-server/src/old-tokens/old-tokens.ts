import type { Pool } from 'pg'
import { Counter, type Registry } from 'prom-client'
import { NotPrimary } from '../database/primary.ts'
import { read, write } from '../database/unavailable.ts'
import type { Env } from '../env.ts'
import type { OldTokens as Settings } from '../env-old-tokens.ts'
import { HttpError } from '../errors.ts'
import type { Log } from '../log.ts'
import { createCredentialReader, type Presented } from '../sessions/credential.ts'
import type { Identified, Identify } from '../sessions/identify.ts'
import { type FoundStandby, type IdentifiedUser, isFromPrimary } from '../sessions/queries.ts'
import { createReader, oldTokenIn, type ReadToken, signInTimeOf } from './claims.ts'
import { KeySet } from './key-set.ts'
import { type FoundUser, oldTokenQueries } from './queries.ts'

type Parts = {
  env: Env
  pool: Pool
  log: Log
  registry: Registry
  keyTimes?: ConstructorParameters<typeof KeySet>[0]['times']
}
type Use = 'check' | 'exchange'
type Found = { user: IdentifiedUser; hasSecondFactor: boolean }

/** What an identity has in place of a session's id, before the token's digest. The package knows it by this (identity.py). */
const ID_PREFIX = 'old-token-'
/** A service asks again then, so that a key that the issuer has withdrawn counts no more. */
const RECHECK_MS = 5 * 60_000

/**
 * The tokens of the system that is being left, for as long as OLD_TOKENS_UNTIL says. Who is behind one is decided here alone, by the rules
 * of sessions: docs/decisions/0073-old-tokens-are-checked-by-the-auth-server.md.
 */
export class OldTokens {
  readonly #parts: Parts
  readonly #settings: Settings | undefined
  readonly #keySet: KeySet | undefined
  readonly #readToken: ReturnType<typeof createReader> | undefined
  readonly #readCredential
  readonly #queries
  readonly #count

  constructor(parts: Parts) {
    const { env, log, registry, keyTimes: times = {} } = parts
    this.#parts = parts
    this.#settings = env.oldTokens
    this.#readCredential = createCredentialReader(env)
    this.#queries = oldTokenQueries(env)
    this.#count = new Counter({
      name: 'old_tokens_total',
      help: 'Tokens of the old system, by use and result: accepted, or the code of the error.',
      labelNames: ['use', 'result'],
      registers: [registry],
    })
    if (env.oldTokens === undefined) return
    const { key, algorithm, until } = env.oldTokens
    if (key.kind === 'jwks') this.#keySet = new KeySet({ url: key.url, algorithm, log, times })
    this.#readToken = createReader(env.oldTokens, this.#keySet)
    if (this.isOver) log.warn({ until }, 'the time of old tokens is over: each is refused; unset OLD_TOKENS_…')
    else log.info({ until }, 'tokens of the old system are accepted')
    if (!this.isOver) this.#keySet?.prepare()
  }

  get isConfigured(): boolean {
    return this.#settings !== undefined
  }

  get isOver(): boolean {
    return this.#settings !== undefined && this.#settings.until.getTime() <= Date.now()
  }

  /** The session check of the private port, which takes old tokens too. */
  orSession(identify: Identify): Identify {
    if (this.#settings === undefined) return identify
    return async (presented, more) => {
      const token = oldTokenIn(presented.authorization)
      return token === undefined ? identify(presented, more) : this.#counted('check', this.#identify(token, presented))
    }
  }

  /**
   * Uses a token up, for a session, unless `refuse` throws. Throws as a check does, but takes users who have a second factor: it is asked
   * for next.
   */
  async claim(
    token: string,
    refuse: (user: IdentifiedUser) => void,
  ): Promise<{ user: IdentifiedUser; token: ReadToken }> {
    return this.#counted('exchange', this.#claim(token, refuse))
  }

  /** The session that a token was exchanged for. Throws OLD_TOKEN_ENDED where all sessions ended at that moment: it is gone. */
  async keep(token: ReadToken, sessionId: string): Promise<void> {
    await write(this.#parts.pool, this.#queries.nameSession(token, sessionId))
    const { rowCount } = await write(this.#parts.pool, this.#queries.dropEnded(sessionId))
    if (rowCount !== 0) throw new HttpError('OLD_TOKEN_ENDED')
  }

  /**
   * After all sessions of a user were ended, or all but that of the caller: so are the old tokens, also those that the old system
   * issues later. Written while their time is over, too: it may be prolonged. What ended is written first. So either the sessions that are being exchanged for are found here, or `keep` finds what is written.
   */
  readonly endAll = async (userId: string, callersSession: string | undefined): Promise<void> => {
    if (this.#settings === undefined) return
    const { pool } = this.#parts
    await write(pool, this.#queries.endAll(userId, this.#settings.until))
    await write(pool, this.#queries.endExchanged(userId, callersSession ?? null))
  }

  async #claim(
    token: string,
    refuse: (user: IdentifiedUser) => void,
  ): Promise<{ user: IdentifiedUser; token: ReadToken }> {
    // A session outlives the token, so no key may be taken for valid that is withdrawn.
    const known = await this.#read(token, 'current')
    const { user } = await this.#find(known)
    refuse(user)
    const { rowCount } = await write(this.#parts.pool, this.#queries.claim(known, user.id))
    if (rowCount === 0) throw new HttpError('OLD_TOKEN_ENDED')
    return { user, token: known }
  }

  async #identify(token: string, presented: Presented): Promise<Identified> {
    const known = await this.#read(token, 'recent')
    this.#refuseBesideSession(presented)
    const { user, hasSecondFactor } = await this.#find(known)
    if (hasSecondFactor) throw new HttpError('OLD_TOKEN_SECOND_FACTOR')
    if (this.#parts.env.REQUIRE_EMAIL_VERIFICATION && !user.emailVerified)
      throw new HttpError('OLD_TOKEN_EMAIL_NOT_VERIFIED')
    return { identity: { session: this.#sessionOf(known, user), user }, isRenewed: false, setCookie: undefined }
  }

  async #read(token: string, keys: 'recent' | 'current'): Promise<ReadToken> {
    if (this.#readToken === undefined) throw new HttpError('INVALID_TOKEN')
    if (this.isOver) throw new HttpError('OLD_TOKENS_OVER')
    return this.#readToken(token, keys)
  }

  async #find(token: ReadToken): Promise<Found> {
    const found = await this.#query(token)
    if (found === undefined) throw new HttpError('OLD_TOKEN_USER_UNKNOWN')
    if (found.isBanned) throw new HttpError('BANNED_USER')
    if (found.isEnded) throw new HttpError('OLD_TOKEN_ENDED')
    return { user: this.#queries.readUser(found), hasSecondFactor: found.hasSecondFactor }
  }

  async #query(token: ReadToken): Promise<FoundUser['found'] | undefined> {
    try {
      const userId = await this.#idHere(token)
      if (userId === undefined) return undefined
      const { rows } = await read<FoundUser | FoundStandby>(this.#parts.pool, this.#queries.find(token, userId))
      if (!isFromPrimary(rows[0])) throw new HttpError('DATABASE_UNAVAILABLE', { cause: new NotPrimary() })
      return rows[0]?.found
    } catch (error) {
      // A text that is no value of the id's type, such as of a uuid, is nobody's. SQLSTATE class 22: data exception.
      if (error instanceof Error && 'code' in error && String(error.code).startsWith('22')) return undefined
      throw error
    }
  }

  async #idHere(token: ReadToken): Promise<string | undefined> {
    const source = this.#settings?.source
    if (source === undefined) return token.userId
    const { rows } = await read<{ userId: string | null }>(this.#parts.pool, this.#queries.imported(source, token))
    return rows[0]?.userId ?? undefined
  }

  /** Nobody can tell who is meant: docs/decisions/0020-one-credential-for-a-request.md. */
  #refuseBesideSession({ cookie }: Presented): void {
    if (cookie === undefined) return
    try {
      this.#readCredential({ authorization: undefined, cookie })
    } catch {
      return // not ours: as good as absent
    }
    throw new HttpError('INVALID_TOKEN')
  }

  /** In the form of a session, so that services cache it under the same leases, and forget it with the same user. */
  #sessionOf(token: ReadToken, { id: userId }: IdentifiedUser) {
    const { id, expiresAt } = token
    const { key } = this.#settings as Settings
    const createdAt = signInTimeOf(token).toISOString()
    const recheckAt = Math.min(Date.now() + RECHECK_MS, expiresAt.getTime())
    return {
      ...{ id: `${ID_PREFIX}${id}`, userId, createdAt, updatedAt: createdAt, expiresAt: expiresAt.toISOString() },
      ...{ ipAddress: null, userAgent: null, impersonatedBy: null, secondFactorAt: null },
      refreshAt: key.kind === 'jwks' ? new Date(recheckAt).toISOString() : null,
    }
  }

  async #counted<Result>(use: Use, work: Promise<Result>): Promise<Result> {
    try {
      const result = await work
      this.#count.inc({ use, result: 'accepted' })
      return result
    } catch (error) {
      const code = error instanceof HttpError ? error.code : 'INTERNAL_ERROR'
      this.#count.inc({ use, result: code })
      const because =
        error instanceof HttpError && error.cause instanceof Error ? error.cause.message.slice(0, 200) : undefined
      this.#parts.log.info({ use, code, because }, 'an old token was refused')
      throw error
    }
  }
}
