import { join } from 'node:path'
import { localFolder } from './paths.ts'
import { type Account, chooseAccount } from './postgres/account.ts'
import { findBinaries } from './postgres/binaries.ts'
import { type Cluster, fastAndForgetful, openCluster } from './postgres/cluster.ts'
import type { Interruption } from './processes/foreground.ts'
import { abandonedFolders, makeThrowawayFolder, removeFolder } from './throwaway.ts'

/** Runs the command with TEST_DATABASE_ADMIN_URL set to a PostgreSQL that exists only as long as the command runs. */
export async function withPostgres(command: string[], env: NodeJS.ProcessEnv, signals: Interruption): Promise<number> {
  const account = await chooseAccount(findBinaries())
  await removeAbandoned(account)
  const folder = makeThrowawayFolder(localFolder)
  const cluster = throwawayCluster(folder, account)
  try {
    const { adminUrl } = await cluster.start()
    return await signals.foreground(command, { ...env, TEST_DATABASE_ADMIN_URL: adminUrl })
  } finally {
    await cluster.remove()
    removeFolder(folder)
  }
}

function throwawayCluster(folder: string, account: Account): Cluster {
  const settings = { ...fastAndForgetful, max_connections: '200' }
  return openCluster({ folder: join(folder, 'postgres'), logFile: join(folder, 'postgres.log'), account, settings })
}

async function removeAbandoned(account: Account) {
  for (const folder of abandonedFolders(localFolder)) {
    await throwawayCluster(folder, account).remove()
    removeFolder(folder)
  }
}
