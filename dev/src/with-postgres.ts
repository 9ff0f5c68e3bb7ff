import { join } from 'node:path'
import { localFolder } from './paths.ts'
import { chooseAccount } from './postgres/account.ts'
import { findBinaries } from './postgres/binaries.ts'
import { fastAndForgetful, openCluster } from './postgres/cluster.ts'
import type { Interruption } from './processes/foreground.ts'
import { makeThrowawayFolder, removeFolder } from './throwaway.ts'
import { removeAbandoned } from './throwaway-stack.ts'

/** Runs the command with TEST_DATABASE_ADMIN_URL set to a PostgreSQL that exists only as long as the command runs. */
export async function withPostgres(command: string[], env: NodeJS.ProcessEnv, signals: Interruption): Promise<number> {
  const account = await chooseAccount(findBinaries())
  await removeAbandoned(env)
  const folder = makeThrowawayFolder(localFolder)
  const settings = { ...fastAndForgetful, max_connections: '300' }
  // The name and place of the cluster are those of a stack's: what a killed run leaves is removed in one way.
  const cluster = openCluster({
    folder: join(folder, 'postgres'),
    logFile: join(folder, 'postgres.log'),
    account,
    settings,
  })
  try {
    const { adminUrl } = await cluster.start()
    return await signals.foreground(command, { ...env, TEST_DATABASE_ADMIN_URL: adminUrl })
  } finally {
    await cluster.remove()
    removeFolder(folder)
  }
}
