import { createHash, createHmac, randomBytes, randomUUID } from 'node:crypto'
import type { Pool } from 'pg'
import { z } from 'zod'
import { tableName } from '../database/names.ts'
import { write } from '../database/unavailable.ts'
import type { Env } from '../env.ts'

/** Who went to which service, in which session, and where the browser goes afterwards. */
const Begun = z.object({ service: z.string(), userId: z.string(), sessionId: z.string(), callbackURL: z.string() })
export type Begun = z.output<typeof Begun>

type Taken = { value: string; isGood: boolean }

const LIFETIME_SECONDS = 600

type Parts = { env: Pick<Env, 'AUTH_DB_SCHEMA' | 'BETTER_AUTH_SECRET'>; pool: Pool }

/** What keeps one user's connection from being completed in another's browser. Each is good once, for ten minutes. */
export class States {
  readonly #pool: Pool
  readonly #secret: string
  readonly #insert: string
  readonly #take: string

  constructor({ env, pool }: Parts) {
    const table = tableName(env, 'verification')
    this.#pool = pool
    this.#secret = env.BETTER_AUTH_SECRET
    this.#insert = `
      INSERT INTO ${table} ("id", "identifier", "value", "expiresAt", "createdAt", "updatedAt")
      VALUES ($1, $2, $3, now() + make_interval(secs => $4), now(), now())`
    this.#take = `DELETE FROM ${table} WHERE "identifier" = $1 RETURNING "value", "expiresAt" > now() AS "isGood"`
  }

  async begin(begun: Begun): Promise<{ state: string; codeVerifier: string }> {
    const state = randomBytes(32).toString('base64url')
    const values = [randomUUID(), identifierOf(state), JSON.stringify(begun), LIFETIME_SECONDS]
    await write(this.#pool, { text: this.#insert, values })
    return { state, codeVerifier: this.#verifierOf(state) }
  }

  /** Undefined for a state that was taken before, is too old, or was never given out. */
  async take(state: string): Promise<(Begun & { codeVerifier: string }) | undefined> {
    const { rows } = await write<Taken>(this.#pool, { text: this.#take, values: [identifierOf(state)] })
    const [row] = rows
    if (!row?.isGood) return undefined
    return { ...Begun.parse(JSON.parse(row.value)), codeVerifier: this.#verifierOf(state) }
  }

  /** PKCE. Made from the state, which is kept as a hash only: whoever reads the database has neither. */
  #verifierOf(state: string): string {
    return createHmac('sha256', this.#secret).update(`connected-service-verifier:${state}`).digest('base64url')
  }
}

function identifierOf(state: string): string {
  return `connected-service:${createHash('sha256').update(state).digest('base64url')}`
}
