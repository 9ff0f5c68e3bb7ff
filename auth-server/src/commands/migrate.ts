import { createLog } from '../log.ts'
import { migrate, migrationSql } from '../migrations/migrate.ts'
import type { Command } from './command.ts'

/** Prints the SQL instead, and changes nothing. */
const DRY_RUN = '--dry-run'

/** Brings the tables to what this version needs. */
export const command: Command = {
  usage: `migrate [${DRY_RUN}]`,
  takes: (options) => options.every((option) => option === DRY_RUN),
  run: async (env, options) => {
    if (options.length === 0) return migrate(env, createLog(env))
    process.stdout.write(await migrationSql(env, createLog({ LOG_LEVEL: 'silent' })))
  },
}
