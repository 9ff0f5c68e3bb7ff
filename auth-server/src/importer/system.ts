import type { Reason } from './reasons.ts'

/** A row as it was read. Text or null from SQL, databases and CSV; JSON's values from JSON, integers beyond 2^53 as text. */
export type Row = Readonly<Record<string, unknown>>

/** Where in the export, for errors and the report. A database has no lines: the number of the row. */
export type Place = { file: string; line: number }

/** Of CSV, NDJSON and JSON `name` is what the file holds (`users`, `passwords`), or the model or list inside of it. */
export type TableHead = { schema: string | null; name: string; columns: readonly string[] }

/**
 * What a table is good for. An attached row belongs to the user whose id it names; a shared one belongs to nobody, and
 * all of them are kept in memory: roles, settings.
 */
export type TableRole =
  | { kind: 'users'; id: (row: Row) => string | null }
  | { kind: string; userId: (row: Row) => string | null }
  | { kind: string; isShared: true }

export type ReadRow = { role: TableRole; row: Row; place: Place }

/** A column that points at the users of the old system, by a foreign key or by its name (`constraint` is null then). */
export type Reference = {
  schema: string | null
  table: string
  column: string
  constraint: string | null
  /** As SQL has it, such as `CASCADE`; null: not said. */
  onDelete: string | null
}

export type SeenTable = { name: string; rows: number; isRead: boolean; columns: readonly string[] }
export type Seen = { tables: readonly SeenTable[]; references: readonly Reference[] }

/** `holds`: what its rows are: `users`, or `passwords` for a second file. */
export type Input = { kind: 'file'; path: string; name: string; holds: string } | { kind: 'database'; url: string }

/** One export, while it is read. Throws ExportError with the line wherever it is broken; its end is never guessed. */
export type OpenExport = {
  rows: AsyncIterable<ReadRow>
  /** From 0 to 1; undefined where the size is not known. */
  progress: () => number | undefined
  /** Of the table of users, all that any row has. Whole after the last row, as is what was seen. */
  usersColumns: () => readonly string[]
  seen: () => Seen
}

/** What the operator says besides the export. */
export type Settings = {
  /** The users' table, where a system has an odd name for it. */
  table: string | undefined
  /** Of LEGACY_KEY_n: rows name the number, and never hold the value. */
  legacyKey: { number: string; value: string } | undefined
  /** The text of --hash-config. */
  hashConfig: string | undefined
  /** The text of --mapping. */
  mapping: string | undefined
}

/** `columns`: of the table of users. An object of JSON may have less, and no other column takes the place of a missing one. */
export type Context = {
  settings: Settings
  shared: Readonly<Record<string, readonly Row[]>>
  columns: readonly string[]
}

/** What became of the old password. `format` is for totals: a word of passwords/formats, never a part of the value. */
export type SourcePassword =
  | { kind: 'none' }
  /** As `account.password` has it: passwords/forms.ts reads it. */
  | { kind: 'hash'; hash: string; format: string }
  /** Like `hash`, and guessed in no time: only with --allow-weak. */
  | { kind: 'weak'; hash: string; format: string }
  /** A bare digest in hex. argon2id of it is written, behind `envelope`: `old:wrapped:md5`, `old:wordpress:md5`. */
  | { kind: 'digest'; envelope: string; digest: string; format: string }
  | { kind: 'refused'; reason: Reason }

/** One user of the old system, in our words. */
export type SourceUser = {
  /** As text, exactly: never through a JavaScript number. */
  oldId: string
  /** As it was written there. */
  email: string | null
  name: string | null
  image: string | null
  /** null: the source does not say, and --verified decides. */
  emailVerified: boolean | null
  /** null: not known. */
  createdAt: Date | null
  /** Becomes the role only with --admins. */
  isAdmin: boolean
  banned: boolean
  banExpires: Date | null
  password: SourcePassword
  /** At providers, by our names for them: google.com and google-oauth2 are `google`. */
  accounts: readonly { providerId: string; accountId: string }[]
  /** Not imported at all: deleted, anonymous. */
  skip: Reason | null
  /** What is lost with this row, or done to it: a phone number, a TOTP secret, further addresses. */
  remarks: readonly Reason[]
}

/** What of the settings a system can use; another one is refused, rather than ignored. */
export type Takes = 'passwords' | 'mapping' | 'hash-config' | 'legacy-key' | 'table'

export type System = {
  /** The word after --from. */
  name: string
  /** Other words for it. */
  aliases?: readonly string[]
  /** For people: `Django`, `Firebase Authentication`. */
  title: string
  /** What it exports, in a few words for the usage: `pg_dump, or postgres://…`. */
  exports: string
  takes: readonly Takes[]
  /** Of its CSV without a line of names. */
  header?: readonly string[]
  /** null: not read at all, its rows are passed over. */
  role: (table: TableHead, settings: Settings) => TableRole | null
  /** Pure. */
  user: (row: Row, attached: Readonly<Record<string, readonly Row[]>>, context: Context) => SourceUser
  /** Why it cannot work with these settings, each with what to do about it. Before anything is read. */
  problems?: (settings: Settings) => string[]
}
