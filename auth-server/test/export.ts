import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openExport } from '../src/importer/reading/open.ts'
import type { Input, Row, Seen, Settings, SourceUser, System } from '../src/importer/system.ts'
import { SYSTEMS } from '../src/importer/systems/systems.ts'

type Content = string | Buffer
type Given = { files?: Content[]; url?: string; settings?: Partial<Settings> }
export type ReadExport = { users: Row[]; lines: number[]; seen: Seen }

/** Reads with a system that takes tables called `users`, and nothing else. */
export function readRows(content: Content, name = 'users'): Promise<ReadExport> {
  return readWith(tablesCalled(name), { files: [content] })
}

export function tablesCalled(name: string): System {
  return {
    ...{ name: 'any', title: 'any system', exports: 'anything', takes: [] },
    role: (table) => (table.name === name ? { kind: 'users', id: (row) => String(row.id) } : null),
    user: () => {
      throw new Error('only read')
    },
  }
}

export function systemOf(name: string): System {
  const found = SYSTEMS.find((system) => system.name === name)
  if (!found) throw new Error(`no system ${name}`)
  return found
}

/** The users that a system makes of an export, as the importer would: by their ids, after all is read. */
export async function usersOf(name: string, given: Given): Promise<SourceUser[]> {
  const system = systemOf(name)
  const settings = settingsOf(given)
  const [rows, attached, shared] = [
    new Map<string | null, Row>(),
    new Map<string, Record<string, Row[]>>(),
    {} as Record<string, Row[]>,
  ]
  const open = opened(system, given, settings)
  for await (const { role, row } of open.rows) {
    if ('id' in role) rows.set(role.id(row), stored(row))
    else if ('isShared' in role) shared[role.kind] = [...(shared[role.kind] ?? []), stored(row)]
    else {
      const id = role.userId(row)
      if (id === null) continue
      const own = attached.get(id) ?? {}
      attached.set(id, { ...own, [role.kind]: [...(own[role.kind] ?? []), stored(row)] })
    }
  }
  const context = { settings, shared, columns: open.usersColumns() }
  return [...rows].map(([id, row]) => system.user(row, attached.get(id ?? '') ?? {}, context))
}

/** jsonb keeps the order of no columns. */
function stored(row: Row): Row {
  const entries = Object.entries(row).toSorted(([one], [other]) => one.length - other.length || (one < other ? -1 : 1))
  return JSON.parse(JSON.stringify(Object.fromEntries(entries))) as Row
}

export async function readWith(system: System, given: Given): Promise<ReadExport> {
  const open = opened(system, given, settingsOf(given))
  const [users, lines]: [Row[], number[]] = [[], []]
  for await (const { row, place } of open.rows) {
    users.push(row)
    lines.push(place.line)
  }
  return { users, lines, seen: open.seen() }
}

function settingsOf({ settings }: Given): Settings {
  return { table: undefined, legacyKey: undefined, hashConfig: undefined, mapping: undefined, ...settings }
}

function opened(system: System, { files = [], url }: Given, settings: Settings) {
  const { signal } = new AbortController()
  if (url !== undefined) return openExport({ system, inputs: [{ kind: 'database', url }], settings, signal })
  const folder = mkdtempSync(join(tmpdir(), 'export-'))
  const inputs = files.map((content, at): Input => {
    const path = join(folder, String(at))
    writeFileSync(path, content)
    return { kind: 'file', path, name: 'old', holds: at === 0 ? 'users' : 'passwords' }
  })
  const open = openExport({ system, inputs, settings, signal })
  async function* rows() {
    try {
      yield* open.rows
    } finally {
      rmSync(folder, { recursive: true })
    }
  }
  return { ...open, rows: rows() }
}

/** A table as pg_dump writes it; columns are separated by bars. */
export const copy = (table: string, columns: string, ...rows: string[]) =>
  `COPY ${table} (${columns}) FROM stdin;\n${rows.map((row) => `${row.replaceAll('|', '\t')}\n`).join('')}\\.\n`
