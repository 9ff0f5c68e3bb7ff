import pg from 'pg'
import { authOptions } from '../auth/better-auth.ts'
import type { Env } from '../env.ts'
import { createLog } from '../log.ts'
import { migrationSql } from '../migrations/migrate.ts'
import { asDrizzle } from '../schema-export/drizzle.ts'
import { emptyComparison, exportedSchema, type Schema } from '../schema-export/model.ts'
import { asPrisma } from '../schema-export/prisma.ts'
import { asSqlAlchemy, asSqlModel } from '../schema-export/python.ts'
import { asSql } from '../schema-export/sql.ts'
import type { Command } from './command.ts'

const WRITERS: Record<string, (schema: Schema) => string> = {
  sqlalchemy: asSqlAlchemy,
  sqlmodel: asSqlModel,
  prisma: asPrisma,
  drizzle: asDrizzle,
}
const FORMATS = ['sql', ...Object.keys(WRITERS)]

/** The tables in the words of other tools, from the settings alone; or what `migrate` would change. */
export const command: Command = {
  usage: `schema export --format ${FORMATS.join('|')}, or schema diff`,
  takes: (options) => options.join(' ') === 'diff' || formatOf(options) !== undefined,
  run: async (env, options) => {
    const format = formatOf(options)
    const text =
      format === undefined ? await migrationSql(env, createLog({ LOG_LEVEL: 'silent' })) : exported(env, format)
    process.stdout.write(text)
  },
}

function formatOf([what, ...options]: readonly string[]): string | undefined {
  const [, format] = /^--format[ =](\w+)$/.exec(options.join(' ')) ?? []
  return what === 'export' && format !== undefined && FORMATS.includes(format) ? format : undefined
}

export function exported(env: Env, format: string): string {
  // Never connected: the options want one.
  const options = authOptions({ env, pool: new pg.Pool() })
  return WRITERS[format]?.(exportedSchema(options, env)) ?? asSql(emptyComparison(options, env))
}
