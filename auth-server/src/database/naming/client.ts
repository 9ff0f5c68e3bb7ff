import pg from 'pg'
import type { Env } from '../../env.ts'
import { isDefault } from './names.ts'
import { type Rendered, render } from './render.ts'

export type NamedEnv = Pick<Env, 'AUTH_DB_SCHEMA' | 'names'>

/** Statements are made when a server starts, but for a few that depend on a request. */
const MAX_KEPT = 2000

/**
 * The class of every connection to this server's tables: the only place where the names of the code become those of the database,
 * and back. Where they are the same it is pg's own, and costs nothing.
 */
export function clientClass(env: NamedEnv): typeof pg.Client {
  if (isDefault(env.names)) return pg.Client
  const rendered = createRender(env)
  const models = new Map(Object.entries(env.names.tables).map(([model, name]) => [name, model]))
  /** The table of a violated constraint, by which the code tells what was there twice. */
  const named = (error: unknown) => {
    if (error instanceof pg.DatabaseError) error.table = models.get(error.table ?? '') ?? error.table
    return error
  }
  const rethrow = (error: unknown) => {
    throw named(error)
  }

  return class NamedClient extends pg.Client {
    // biome-ignore lint/suspicious/noExplicitAny: pg overloads it six ways, which all go through here
    override query(...args: any[]): any {
      const [statement, ...rest] = args
      const isText = typeof statement === 'string'
      // A cursor, or a query that was made elsewhere.
      if (!isText && (typeof statement?.text !== 'string' || 'submit' in statement)) return this.#send(args)
      const { text, restored } = rendered(isText ? statement : statement.text)
      const sent = [isText ? text : Object.assign(Object.create(statement), { text }), ...rest]
      const callback = rest.at(-1)
      if (typeof callback !== 'function') {
        const result = this.#send(sent)
        return result instanceof Promise ? result.then((rows) => restore(rows, restored), rethrow) : result
      }
      sent[sent.length - 1] = (error: unknown, result: unknown) => callback(named(error), restore(result, restored))
      return this.#send(sent)
    }

    #send(args: unknown[]): unknown {
      return (super.query as (...args: unknown[]) => unknown).apply(this, args)
    }
  }
}

/** For SQL that is shown, not run. */
export function createRender({ AUTH_DB_SCHEMA, names }: NamedEnv): (text: string) => Rendered {
  if (isDefault(names)) return (text) => ({ text, restored: new Map() })
  const kept = new Map<string, Rendered>()
  return (text) => {
    const known = kept.get(text)
    if (known) return known
    if (kept.size >= MAX_KEPT) kept.clear()
    const made = render(text, AUTH_DB_SCHEMA, names)
    kept.set(text, made)
    return made
  }
}

type Result = { fields?: { name: string; tableID: number }[]; rows?: Record<string, unknown>[] }

/** A column by the name that the code has for it. One that a statement names itself is of no table, or has another name. */
function restore(result: unknown, restored: ReadonlyMap<string, string>): unknown {
  if (Array.isArray(result)) return result.map((one) => restore(one, restored))
  const { fields = [], rows = [] } = (result ?? {}) as Result
  const changed = fields.filter(({ name, tableID }) => tableID !== 0 && restored.has(name))
  if (changed.length === 0) return result
  const nameOf = new Map(changed.map(({ name }) => [name, restored.get(name) ?? name]))
  for (const [index, row] of rows.entries()) {
    rows[index] = Object.fromEntries(Object.entries(row).map(([name, value]) => [nameOf.get(name) ?? name, value]))
  }
  for (const field of changed) field.name = nameOf.get(field.name) ?? field.name
  return result
}
