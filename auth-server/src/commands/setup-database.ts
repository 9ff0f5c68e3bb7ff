import { setupDatabase } from '../database/setup.ts'
import { createLog } from '../log.ts'
import { type Command, noOptions } from './command.ts'

/** Creates the roles, the database and the schemas that the database URLs name. */
export const command: Command = {
  usage: 'setup-database',
  takes: noOptions,
  run: (env) => setupDatabase(env, createLog(env)),
}
