import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { openCompose } from './compose/stack.ts'
import { throwawaySettings } from './context.ts'
import { machineEnvironment } from './embedded/environment.ts'
import { openEmbedded } from './embedded/stack.ts'
import { recordedMode } from './mode.ts'
import { localFolder } from './paths.ts'
import { freePorts } from './ports.ts'
import { fastAndForgetful } from './postgres/cluster.ts'
import type { Mode, Settings } from './settings/settings.ts'
import { type Stack, serviceNames } from './stack.ts'
import { abandonedFolders, removeFolder } from './throwaway.ts'

const portVariables = [
  'FRONTEND_PORT',
  'AUTH_PORT',
  'AUTH_INTERNAL_PORT',
  'BACKEND_PORT',
  'SMTP_PORT',
  'MAIL_PORT',
  'POSTGRES_PORT',
]

/** Secrets and ports of its own, and otherwise what `make up` starts with. */
export async function chooseSettings(folder: string): Promise<Settings> {
  const ports = await freePorts(portVariables.length)
  const chosen = Object.fromEntries(portVariables.map((name, index) => [name, String(ports[index])]))
  // Each test can be a client of its own, with its own share of the rate limits.
  return throwawaySettings(folder, { ...chosen, CLIENT_IP_HEADER: 'x-real-ip' })
}

/** The stack kept in the folder. In Compose the folder's name is the project's. */
export async function openThrowaway(
  folder: string,
  mode: Mode,
  settings: Settings,
  shell: NodeJS.ProcessEnv,
): Promise<Stack> {
  const machine = machineEnvironment(shell)
  const postgres = { ...fastAndForgetful, max_connections: '300' }
  if (mode === 'embedded') return openEmbedded({ folder, machine, postgres, settings })
  return openCompose({ project: `auth-sidecar-${basename(folder)}`, settings, shell })
}

/** Stops and removes what killed runs left behind. */
export async function removeAbandoned(shell: NodeJS.ProcessEnv): Promise<void> {
  for (const folder of abandonedFolders(localFolder)) {
    const mode = recordedMode(folder) ?? 'embedded'
    const stack = await openThrowaway(folder, mode, throwawaySettings(folder, {}), shell)
    await stack.remove()
    removeFolder(folder)
  }
}

/** Keeps what the services said for whoever has to find out why a run failed. Gives the folder. */
export async function keepLogs(stack: Stack): Promise<string> {
  const folder = join(localFolder, 'last-failure')
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  for (const name of serviceNames) {
    writeFileSync(join(folder, `${name}.log`), await stack.log(name), { mode: 0o600 })
  }
  return folder
}
