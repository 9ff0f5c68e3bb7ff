import type { Env } from '../env.ts'
import { importUsers, usableSettings } from '../importer/import-users.ts'
import { inputsOf } from '../importer/inputs.ts'
import type { ImportOptions } from '../importer/options.ts'
import { sizeOf } from '../importer/reading/bytes.ts'
import { openExport } from '../importer/reading/open.ts'
import type { Terminal } from '../importer/terminal.ts'
import { createLog } from '../log.ts'
import { migrate } from '../migrations/migrate.ts'
import { type Copy, withCopy } from './copy.ts'
import { compare, type Picture, takePicture } from './differences.ts'
import { createLockWatch } from './locks.ts'
import { showCopy, showDifferences, showMigration } from './view.ts'

type Parts = {
  env: Env
  terminal: Terminal
  /** Interrupts it: the copy is dropped, whatever is under way. */
  signal: AbortSignal
  endsConnections: boolean
  /** What is imported there too. */
  options: ImportOptions | undefined
}

/**
 * Migrates a copy of the database, and imports into it if that is asked for. Says how long it took, who would have waited
 * for what, and what is different then. Resolves with the exit code.
 */
export async function rehearse({ env, terminal, signal, endsConnections, options }: Parts): Promise<number> {
  const { say, paint } = terminal
  if (options !== undefined) await refuseUnusable(env, options)
  const begin = performance.now()
  const code = await withCopy({ env, signal, endsConnections }, async (copy) => {
    try {
      showCopy(terminal, copy, performance.now() - begin)
      const before = await takePicture(copy.admin, schemasOf(env))
      await rehearseMigration(copy, before, terminal)
      const code = options === undefined ? 0 : await rehearseImport(copy, options, terminal)
      showDifferences(terminal, compare(before, await takePicture(copy.admin, schemasOf(env))))
      return code
    } finally {
      await copy.admin.end()
    }
  })
  say(paint.dim('\n  The copy is dropped; the database is as it was.'))
  return code
}

/** A copy takes its time: what is known to fail after it fails before. */
async function refuseUnusable(env: Env, options: ImportOptions): Promise<void> {
  await usableSettings({ env, options })
  for (const input of inputsOf(options)) if (input.kind === 'file') await sizeOf(input.path, input.name)
}

const schemasOf = ({ AUTH_DB_SCHEMA, BACKEND_DB_SCHEMA }: Env) => [AUTH_DB_SCHEMA, BACKEND_DB_SCHEMA]

async function rehearseMigration(copy: Copy, before: Picture, terminal: Terminal): Promise<void> {
  const watch = createLockWatch((relation) => before.rows.has(relation))
  const begin = performance.now()
  await migrate(copy.env, createLog({ LOG_LEVEL: 'silent' }), watch)
  showMigration(terminal, performance.now() - begin, watch.held())
}

async function rehearseImport(copy: Copy, given: ImportOptions, terminal: Terminal): Promise<number> {
  const options = { ...given, isApplied: true, isSure: true }
  terminal.say()
  return importUsers({
    ...{ env: copy.env, options, terminal },
    open: (what) => openExport({ ...what, inputs: inputsOf(options) }),
  })
}
