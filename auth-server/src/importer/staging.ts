import type { ClientBase } from 'pg'
import { ExportError } from './export-error.ts'
import type { ReadRow, Row } from './system.ts'

/**
 * Where an export waits until its users are known whole: temporary tables, which are in no log of PostgreSQL's and gone
 * with the connection. An export may be larger than memory, and have its rows in any order.
 */
const TABLES = `
  CREATE TEMPORARY TABLE import_row (n int PRIMARY KEY, key text, line bigint NOT NULL, content text NOT NULL);
  CREATE TEMPORARY TABLE import_attached (kind text NOT NULL, key text NOT NULL, content text NOT NULL);`

const INSERT_ROWS = `INSERT INTO pg_temp.import_row (n, key, line, content)
  SELECT * FROM unnest($1::int[], $2::text[], $3::bigint[], $4::text[])`
const INSERT_ATTACHED = `INSERT INTO pg_temp.import_attached (kind, key, content)
  SELECT * FROM unnest($1::text[], $2::text[], $3::text[])`

const BATCH_ROWS = 1000
const BATCH_CHARACTERS = 2_000_000
/** Roles, settings: nobody has this many. */
const MAX_SHARED = 100_000
/** Of one user and one kind, in rows and in bytes: the rest is not looked at. */
const [MAX_ATTACHED, MAX_ATTACHED_BYTES] = [100, 2_000_000]

export type Shared = Record<string, Row[]>
export type Staged = { users: number; shared: Shared }

/** Reads the export to its end. `onRows`: how many users so far, for the progress. */
export async function stage(
  client: ClientBase,
  rows: AsyncIterable<ReadRow>,
  onRows: (users: number) => void,
): Promise<Staged> {
  await client.query(TABLES)
  const [users, attached] = [new Users(client), new Attached(client)]
  const shared: Shared = {}
  let sharedCount = 0
  for await (const { role, row, place } of rows) {
    if ('isShared' in role) {
      sharedCount += 1
      if (sharedCount > MAX_SHARED) throw new ExportError(`more than ${MAX_SHARED} rows of ${role.kind}`, place)
      const kind = shared[role.kind] ?? []
      kind.push(row)
      shared[role.kind] = kind
    } else if ('userId' in role) {
      const key = role.userId(row)
      if (key !== null && !key.includes('\0')) await attached.add(role.kind, key, row)
    } else {
      const id = role.id(row)
      await users.add(id === null || id.includes('\0') ? null : id, place.line, row)
      if (users.count % BATCH_ROWS === 0) onRows(users.count)
    }
  }
  await users.flush()
  await attached.flush()
  onRows(users.count)
  await client.query('CREATE INDEX ON pg_temp.import_attached (key, kind); ANALYZE pg_temp.import_attached')
  return { users: users.count, shared }
}

class Users {
  readonly #client: ClientBase
  #lines: [number, string | null, number, string][] = []
  #characters = 0
  count = 0

  constructor(client: ClientBase) {
    this.#client = client
  }

  async add(key: string | null, line: number, row: Row): Promise<void> {
    const content = JSON.stringify(row)
    this.count += 1
    this.#characters += content.length
    this.#lines.push([this.count, key, line, content])
    if (this.#lines.length >= BATCH_ROWS || this.#characters > BATCH_CHARACTERS) await this.flush()
  }

  async flush(): Promise<void> {
    const lines = this.#lines
    if (lines.length === 0) return
    this.#lines = []
    this.#characters = 0
    await this.#client.query({ name: 'import-rows', text: INSERT_ROWS, values: columns(lines, 4) })
  }
}

class Attached {
  readonly #client: ClientBase
  #lines: [string, string, string][] = []
  #characters = 0

  constructor(client: ClientBase) {
    this.#client = client
  }

  async add(kind: string, key: string, row: Row): Promise<void> {
    const content = JSON.stringify(row)
    this.#characters += content.length
    this.#lines.push([kind, key, content])
    if (this.#lines.length >= BATCH_ROWS || this.#characters > BATCH_CHARACTERS) await this.flush()
  }

  async flush(): Promise<void> {
    const lines = this.#lines
    if (lines.length === 0) return
    this.#lines = []
    this.#characters = 0
    await this.#client.query({ name: 'import-attached', text: INSERT_ATTACHED, values: columns(lines, 3) })
  }
}

/** Of rows: an array for each of the first `count` columns. */
export function columns(lines: readonly (readonly unknown[])[], count: number): unknown[][] {
  return Array.from({ length: count }, (_, index) => lines.map((line) => line[index]))
}

export type StagedUser = { n: number; key: string | null; line: number; row: Row; attached: Record<string, Row[]> }

/** What is looked at of the attached rows of `key` and `kind`. The size of a long value is known without reading it. */
const ATTACHED = `
  SELECT kind, key, content, size FROM (
    SELECT f.*, pg_catalog.sum(size) OVER (ROWS UNBOUNDED PRECEDING) - size AS before FROM (
      SELECT t.*, pg_catalog.octet_length(content) AS size FROM pg_temp.import_attached t
       WHERE t.key = k.key AND t.kind = c.kind LIMIT ${MAX_ATTACHED}) f) b
   WHERE before = 0 OR before + size <= ${MAX_ATTACHED_BYTES}`

/** The next rows, as far as they and what is attached to them fit into a batch; one at least. */
const PAGE = `
  SELECT n, key, line, content FROM (
    SELECT s.*, pg_catalog.sum(size) OVER (ORDER BY n) - size AS before FROM (
      SELECT k.*, pg_catalog.octet_length(k.content) + coalesce(a.size, 0) AS size
        FROM (SELECT * FROM pg_temp.import_row WHERE n > $1 ORDER BY n LIMIT ${BATCH_ROWS / 2}) k
        LEFT JOIN LATERAL (SELECT pg_catalog.sum(size) AS size FROM pg_catalog.unnest($2::text[]) AS c (kind)
                            CROSS JOIN LATERAL (${ATTACHED}) r) a ON true) s) b
   WHERE before < ${BATCH_CHARACTERS} ORDER BY n`

/** In the order of the export, each with what belongs to it. */
export async function* stagedUsers(client: ClientBase): AsyncGenerator<StagedUser[]> {
  const attachedKinds = await client.query<{ kind: string }>('SELECT DISTINCT kind FROM pg_temp.import_attached')
  const kinds = attachedKinds.rows.map(({ kind }) => kind)
  for (let after = 0; ; ) {
    const { rows } = await client.query<{ n: number; key: string | null; line: string; content: string }>({
      ...{ name: 'import-staged', text: PAGE },
      values: [after, kinds],
    })
    const last = rows.at(-1)
    if (last === undefined) return
    after = last.n
    const keys = rows.flatMap(({ key }) => key ?? [])
    const attached = await attachedTo(client, [...new Set(keys)], kinds)
    yield rows.map(({ n, key, line, content }) => ({
      ...{ n, key, line: Number(line), row: JSON.parse(content) as Row },
      attached: (key === null ? undefined : attached.get(key)) ?? {},
    }))
  }
}

async function attachedTo(
  client: ClientBase,
  keys: string[],
  kinds: string[],
): Promise<Map<string, Record<string, Row[]>>> {
  const { rows } = await client.query<{ kind: string; key: string; content: string }>({
    name: 'import-attached-to',
    text: `SELECT a.kind, a.key, a.content FROM pg_catalog.unnest($1::text[]) AS k (key)
            CROSS JOIN pg_catalog.unnest($2::text[]) AS c (kind) CROSS JOIN LATERAL (${ATTACHED}) a`,
    values: [keys, kinds],
  })
  const found = new Map<string, Record<string, Row[]>>()
  for (const { kind, key, content } of rows) {
    const ofKey = found.get(key) ?? {}
    const ofKind = ofKey[kind] ?? []
    ofKind.push(JSON.parse(content) as Row)
    ofKey[kind] = ofKind
    found.set(key, ofKey)
  }
  return found
}
