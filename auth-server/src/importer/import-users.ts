import { basename, relative, resolve } from 'node:path'
import type { ClientBase } from 'pg'
import { takeAllAddresses } from '../auth/addresses.ts'
import type { Env } from '../env.ts'
import { ConfigurationError } from '../errors.ts'
import { applyPlan } from './apply.ts'
import { ask } from './ask.ts'
import { withImporter } from './connection.ts'
import { ExportError } from './export-error.ts'
import { readSettings } from './inputs.ts'
import { judge, type Rules } from './judge.ts'
import { nextRun } from './ledger.ts'
import { type Names, readNames } from './names.ts'
import { type ImportOptions, isAddress } from './options.ts'
import { addToPlan, createPlan, decide } from './plan.ts'
import { duration, grouped, startProgress, usersIn } from './progress.ts'
import { onOneLine, openReferences, writeReferences } from './references.ts'
import { writeReport } from './report.ts'
import { type Staged, stage, stagedUsers } from './staging.ts'
import { type Summary, summarize } from './summary.ts'
import type { OpenExport, Seen, Settings, System } from './system.ts'
import type { Terminal } from './terminal.ts'
import { undecided } from './undecided.ts'
import { watched } from './unread.ts'
import { showReferences, showSummary, showUndecided, showUnread } from './view.ts'

export type Opener = (given: { system: System; settings: Settings; signal: AbortSignal }) => OpenExport

type Parts = { env: Env; options: ImportOptions; terminal: Terminal; open: Opener; now?: Date }
type Work = Parts & { client: ClientBase; names: Names; settings: Settings }

/** Says what would happen, and with --apply does it. Resolves with the exit code: 1 where something is to be decided. */
export async function importUsers(parts: Parts): Promise<number> {
  takeAllAddresses()
  const { env, terminal } = parts
  const settings = await usableSettings(parts)
  showTitle(parts)
  return withImporter(env, async (client) => {
    const names = await readNames(client, env)
    // Fails before an hour of reading, where nothing is migrated.
    await nextRun(client, names)
    const work = { ...parts, client, names, settings }
    try {
      return await decideAndWrite(work, await read(work))
    } finally {
      terminal.endProgress()
    }
  })
}

/** Throws what is known before anything is read. */
export async function usableSettings({ env, options }: Pick<Parts, 'env' | 'options'>): Promise<Settings> {
  const settings = await readSettings(options, env)
  const problems = [...unfilledFields(env), ...(options.system.problems?.(settings) ?? [])]
  if (problems.length > 0) throw new ConfigurationError(problems)
  return settings
}

/** Without a value no row could be written. */
const unfilledFields = ({ userFields }: Env) =>
  userFields
    .filter(({ required, default: initial }) => required && (initial ?? null) === null)
    .map(
      ({ name }) => `AUTH_USER_FIELDS ${name} is required, and no export has a value for it: an import needs a default`,
    )

const NO_PASSWORDS = '  Its hashes are in a second file: without --passwords FILE nobody brings a password.'

function showTitle({ options, terminal: { say, paint } }: Parts): void {
  const { system, from, more, isApplied, files } = options
  // An address has a password in it.
  const where = isAddress(from) ? 'its database' : [from, ...more].map((name) => basename(name)).join(', ')
  const mode = isApplied ? '' : paint.dim('   a dry run: nothing is written')
  say(`${paint.bold(`Import from ${system.title}`)}, ${where}${mode}`)
  if (system.takes.includes('passwords') && files.passwords === undefined) say(paint.yellow(NO_PASSWORDS))
}

type Read = { staged: Staged; opened: OpenExport; unread: string[] }

async function read({ options, terminal, open, client, settings, env, names, now = new Date() }: Work): Promise<Read> {
  const { system, unread } = watched(options.system)
  const kinds = new Set<string>()
  const known: System = {
    ...system,
    role: (table, given) => {
      const role = system.role(table, given)
      if (role !== null) kinds.add(role.kind)
      return role
    },
  }
  const opened = open({ system: known, settings, signal: new AbortController().signal })
  const reading = startProgress(terminal, 'Reading')
  const staged = await stage(client, opened.rows, (users) => reading(users, opened.progress()))
  if (!kinds.has('users')) throw new ExportError(nothingFound(system, opened))
  const rules: Rules = {
    ...options,
    ...{ legacyKeys: env.legacyKeys, secret: env.BETTER_AUTH_SECRET, isUuid: names.idType === 'uuid', now },
  }
  const checking = startProgress(terminal, 'Checking')
  const context = { settings, shared: staged.shared, columns: opened.usersColumns() }
  await createPlan(client)
  let done = 0
  for await (const users of stagedUsers(client)) {
    const judged = users.map(({ n, line, row, attached }) => ({
      ...judge(system.user(row, attached, context), rules),
      n,
      line,
    }))
    await addToPlan(client, judged)
    done += users.length
    checking(done, done / staged.users)
  }
  return { staged, opened, unread: unread() }
}

function nothingFound(system: System, opened: OpenExport): string {
  const { tables } = opened.seen()
  const table = system.takes.includes('table') ? ' --table NAME names the users’ table.' : ''
  return `nothing in it looks like the users of ${system.title}. ${onOneLine(foundIn(tables))} Is --from right?${table} It reads: ${system.exports}`
}

/** Of a file with one table, such as CSV, its columns say more than its name. */
function foundIn(tables: Seen['tables']): string {
  const [first, second] = tables
  if (first === undefined) return 'It has no table at all.'
  if (second === undefined) return `Its columns: ${first.columns.slice(0, 30).join(', ')}.`
  return `Its tables: ${tables
    .slice(0, 20)
    .map(({ name }) => name)
    .join(', ')}.`
}

async function decideAndWrite(work: Work, { staged, opened, unread }: Read): Promise<number> {
  const { client, names, options, terminal } = work
  await decide(client, names, options)
  const summary = await summarize(client)
  showSummary(terminal, summary, staged.users)
  const seen = opened.seen()
  showUnread(terminal, seen, unread)
  const open = undecided(summary, options)
  const { say, paint } = terminal
  showUndecided(terminal, open)
  const isWriting = options.isApplied && open.length === 0
  const isDone = isWriting && (await write(work, summary))
  const path = resolve(options.folder, options.report ?? defaultReport(options, work.now))
  await writeReport(client, path)
  const references = openReferences(seen)
  showReferences(terminal, references)
  say(`\n  Row by row    ${paint.cyan(shown(path, options))}`)
  if (references.length > 0) {
    const sql = `${path.replace(/\.[a-z]+$/i, '')}-references.sql`
    await writeReferences(sql, references, { user: names.stored.user, idPrefix: options.idPrefix })
    say(`  Foreign keys  ${paint.cyan(shown(sql, options))}`)
  }
  const lost = isDone ? ((await summarize(client)).outcomes.conflict ?? 0) : 0
  say(conclusion({ ...options, isDone, isOpen: open.length > 0, lost }, terminal))
  return open.length > 0 || lost > 0 || (options.isApplied && !isDone) ? 1 : 0
}

function conclusion(
  { isApplied, isDone, isOpen, lost }: { isApplied: boolean; isDone: boolean; isOpen: boolean; lost: number },
  { paint }: Terminal,
): string {
  if (isDone && lost > 0) {
    return paint.yellow(`\n  Done, but for ${grouped(lost)}: an account with their address appeared here meanwhile.`)
  }
  if (isDone) return paint.green('\n  Done. The same command again brings whoever is new.')
  if (isOpen) return paint.yellow('\n  Nothing was written: decide the above, and run it again.')
  return isApplied ? '\n  Nothing was written.' : '\n  Nothing was written. To do it: the same command with --apply'
}

/** Beside the caller, and none takes the place of another. */
function defaultReport({ source }: ImportOptions, now = new Date()): string {
  return `import-${source}-${now.toISOString().slice(0, 19).replaceAll(/\D/g, '')}.jsonl`
}

/** From where files are named: a container knows that folder by another name. */
function shown(path: string, { folder }: ImportOptions): string {
  const below = relative(folder, path)
  return below.startsWith('..') ? path : below
}

const NOBODY_NEW = '\n  Nobody is new, and nothing has changed.'

/** false: the operator said no. */
async function write({ client, names, options, terminal }: Work, { outcomes }: Summary): Promise<boolean> {
  const users = (outcomes.import ?? 0) + (outcomes['import-no-password'] ?? 0) + (outcomes['import-banned'] ?? 0)
  const all = users + (outcomes.skip ?? 0) + (outcomes.linked ?? 0) + (outcomes.updated ?? 0)
  if (all === 0) {
    terminal.say(NOBODY_NEW)
    return true
  }
  const question = `\n  Write ${usersIn(users)} into ${names.stored.user}? Type yes: `
  if (terminal.isInteractive && !options.isSure && !(await ask(question))) return false
  const run = await nextRun(client, names)
  const writing = startProgress(terminal, 'Writing')
  const begin = performance.now()
  const { source } = options
  const onProgress = (done: number) => writing(done, all === 0 ? undefined : done / all)
  const { written } = await applyPlan(client, names, { run, source, onProgress })
  const seconds = (performance.now() - begin) / 1000
  terminal.say(written === 0 ? NOBODY_NEW : `\n  Run ${run}: ${grouped(written)} written in ${duration(seconds)}`)
  return true
}
