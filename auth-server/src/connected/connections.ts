import { randomUUID } from 'node:crypto'
import type { Pool } from 'pg'
import type { NewEvent, Origin } from '../audit/events.ts'
import { insertEvent } from '../audit/record.ts'
import { connectedProviderId, serviceOf } from '../auth/connected-accounts.ts'
import { ProviderUnavailable } from '../auth/providers/request.ts'
import { inTransaction } from '../database/transaction.ts'
import { isDatabaseUnavailable, read } from '../database/unavailable.ts'
import type { Env } from '../env.ts'
import type { ApiKeyService, ConnectedService } from '../env-connected.ts'
import { HttpError } from '../errors.ts'
import type { Log } from '../log.ts'
import type { Identity } from '../sessions/identify.ts'
import { checkKey, hintOf, readKey } from './api-key.ts'
import { KeyRing, Undecryptable } from './encryption.ts'
import type { OAuthClient, Tokens } from './oauth.ts'
import { type ConnectionRow, connectionQueries } from './queries.ts'

type Parts = { env: Env; pool: Pool; log: Log; clients: ReadonlyMap<string, OAuthClient> }
type Run = (query: { text: string; values: unknown[] }) => Promise<{ rowCount: number | null; rows: ConnectionRow[] }>

/** A service as the account page shows it. No token and no key, but the last characters of one. */
type Listed = {
  id: string
  name: string
  /** null where it is not configured any more: the connection is there, and can be removed. */
  kind: ConnectedService['kind'] | null
  helpUrl: string | null
  connection: {
    since: Date
    account: string | null
    scopes: string[]
    keyHint: string | null
    isRevoked: boolean
  } | null
}

/** Which services a user has connected, and with what. */
export class Connections {
  readonly #pool: Pool
  readonly #log: Log
  readonly #services: readonly ConnectedService[]
  readonly #clients: ReadonlyMap<string, OAuthClient>
  readonly #keys: KeyRing
  readonly #queries
  readonly #insert

  constructor({ env, pool, log, clients }: Parts) {
    this.#pool = pool
    this.#log = log
    this.#services = env.connectedServices
    this.#clients = clients
    this.#keys = new KeyRing(env.encryptionKeys)
    this.#queries = connectionQueries(env)
    this.#insert = insertEvent(env)
  }

  /** All configured services in their order, then those that were connected before they were taken out of the settings. */
  async list({ user }: Identity): Promise<Listed[]> {
    const { rows } = await read<ConnectionRow>(this.#pool, this.#queries.list(user.id))
    const byService = new Map(rows.map((row) => [serviceOf(row.providerId), row]))
    const known = this.#services.map((service) => this.#listed(service, byService.get(service.id)))
    const others = [...byService].filter(([id]) => !this.#services.some((service) => service.id === id))
    return [...known, ...others.map(([id, row]) => this.#listed({ id, name: id }, row))]
  }

  /** Throws INVALID_API_KEY, or SERVICE_UNAVAILABLE where nobody can say whether the key is right. */
  async connectKey(caller: Identity, service: ApiKeyService, pasted: unknown, origin: Origin): Promise<void> {
    const accessToken = readKey(service, pasted)
    const label = await checkKey(service, accessToken).catch((error: unknown) => {
      throw error instanceof ProviderUnavailable ? new HttpError('SERVICE_UNAVAILABLE', { cause: error }) : error
    })
    const tokens = { accessToken, refreshToken: null, expiresInSeconds: null, scope: null }
    await this.keep(caller, service, { ...tokens, label }, origin)
  }

  /** In place of what was connected before. Only while the caller's own session is there. */
  async keep(
    caller: Identity,
    { id: service }: Pick<ConnectedService, 'id'>,
    { accessToken, refreshToken, ...about }: Tokens & { label: string | null },
    origin: Origin,
  ): Promise<void> {
    const userId = caller.user.id
    const place = { userId, providerId: connectedProviderId(service) }
    const connection = {
      ...{ id: randomUUID(), userId, service, ...about },
      accessToken: this.#keys.encrypt(accessToken, { ...place, column: 'accessToken' }),
      refreshToken:
        refreshToken === null ? null : this.#keys.encrypt(refreshToken, { ...place, column: 'refreshToken' }),
    }
    await this.#change(caller, origin, async (run) => {
      await run(this.#queries.keep(connection))
      return { type: 'service-connected', userId, details: { service } }
    })
  }

  /** Ends it at the service too, afterwards and where that is known how. Throws SERVICE_NOT_CONNECTED. */
  async remove(caller: Identity, service: string, origin: Origin): Promise<void> {
    const userId = caller.user.id
    let removed: ConnectionRow | undefined
    await this.#change(caller, origin, async (run) => {
      removed = (await run(this.#queries.remove(userId, service))).rows[0]
      if (!removed) throw new HttpError('SERVICE_NOT_CONNECTED')
      return { type: 'service-removed', userId, details: { service } }
    })
    // Not waited for: the connection is gone here, whatever the service does.
    if (removed) void this.#end(removed)
  }

  /** For the deletion of a user: see `ReadConnections`. */
  async readOf(userId: string): Promise<() => Promise<void>> {
    if (this.#services.length === 0) return async () => undefined
    const { rows } = await read<ConnectionRow>(this.#pool, this.#queries.list(userId))
    return async () => {
      for (const row of rows) void this.#end(row)
    }
  }

  #listed(
    { id, name, ...service }: Pick<ConnectedService, 'id' | 'name'> | ConnectedService,
    row?: ConnectionRow,
  ): Listed {
    const kind = 'kind' in service ? service.kind : null
    return {
      ...{ id, name, kind },
      helpUrl: ('helpUrl' in service ? service.helpUrl : undefined) ?? null,
      connection: row
        ? {
            since: row.createdAt,
            account: row.label,
            scopes: row.scope?.split(' ') ?? [],
            keyHint: kind === 'api-key' ? this.#hintOf(row) : null,
            isRevoked: row.isRevoked || (row.isOver && row.refreshToken === null),
          }
        : null,
    }
  }

  /** A list is shown also while a key is missing from the settings. */
  #hintOf(row: ConnectionRow): string | null {
    try {
      return hintOf(this.#keys.decrypt(row.accessToken, { ...row, column: 'accessToken' }))
    } catch (error) {
      if (error instanceof Undecryptable) return null
      throw error
    }
  }

  /** The token that others come from, where there is one. */
  async #end(row: ConnectionRow): Promise<void> {
    const service = serviceOf(row.providerId)
    const client = this.#clients.get(service)
    if (!client) return
    const [column, value, kind] =
      row.refreshToken === null
        ? (['accessToken', row.accessToken, 'access_token'] as const)
        : (['refreshToken', row.refreshToken, 'refresh_token'] as const)
    try {
      const isTold = await client.revoke(this.#keys.decrypt(value, { ...row, column }), kind)
      if (isTold) this.#log.info({ service }, 'a connection was revoked at its service')
    } catch (error) {
      this.#log.warn({ service, err: error }, 'a connection could not be revoked at its service')
    }
  }

  async #change(caller: Identity, origin: Origin, change: (run: Run) => Promise<NewEvent>): Promise<void> {
    try {
      await inTransaction(this.#pool, async (client) => {
        const run: Run = (query) => client.query(query)
        const session = await run(this.#queries.isSignedIn(caller.session.id, caller.user.id))
        if (session.rowCount === 0) throw new HttpError('SESSION_EXPIRED')
        await run(this.#insert(await change(run), origin))
      })
    } catch (error) {
      throw isDatabaseUnavailable(error) ? new HttpError('DATABASE_UNAVAILABLE', { cause: error }) : error
    }
  }
}
