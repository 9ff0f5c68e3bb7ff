import { randomBytes } from 'node:crypto'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statfsSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { basename, join } from 'node:path'
import { openCompose } from '../compose/stack.ts'
import { recordedMode } from '../development.ts'
import { machineEnvironment } from '../embedded/environment.ts'
import { openEmbedded } from '../embedded/stack.ts'
import { localFolder } from '../paths.ts'
import { throwawaySettings as databaseSettings } from '../postgres/cluster.ts'
import { freePorts } from '../processes/ports.ts'
import { identityOf, isAlive, type ProcessIdentity } from '../processes/table.ts'
import { throwawaySettings } from '../settings/load.ts'
import { type Mode, portVariables, type Settings } from '../settings/settings.ts'
import { type Stack, serviceNames } from '../stack.ts'
import { superviseHere } from '../supervisor/host.ts'

const prefix = 'test-'
const database = 'postgres'

/** Linux' file system in memory; a container has 64 MiB of it, which is too little. */
const memory = { folder: '/dev/shm', neededBytes: 4 * 1024 ** 3 }

/** Runs `use` with a new folder, which is removed with what killed runs have left. */
export async function inFolder<T>(shell: NodeJS.ProcessEnv, use: (folder: string) => Promise<T>): Promise<T> {
  await removeAbandoned(shell)
  const folder = makeFolder()
  try {
    return await use(folder)
  } finally {
    removeFolder(folder)
  }
}

/**
 * A new folder for one run. It names its owner, so that a later run can tell what a killed one left behind. The cluster
 * lies in memory where there is room: nobody keeps its data.
 */
function makeFolder(): string {
  const folder = join(localFolder, `${prefix}${randomBytes(4).toString('hex')}`)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  writeFileSync(join(folder, 'owner.json'), JSON.stringify(identityOf(process.pid)))
  if (hasMemory()) symlinkSync(mkdtempSync(join(memory.folder, 'auth-sidecar-')), join(folder, database))
  return folder
}

function removeFolder(folder: string): void {
  const linked = join(folder, database)
  if (existsSync(linked)) rmSync(realpathSync(linked), { recursive: true, force: true })
  rmSync(folder, { recursive: true, force: true })
}

function hasMemory(): boolean {
  if (!existsSync(memory.folder)) return false
  const { bavail, bsize } = statfsSync(memory.folder)
  return bavail * bsize >= memory.neededBytes
}

/** Stops and removes what was left by runs that ended without tidying up: SIGKILL, a crash, a reboot. */
async function removeAbandoned(shell: NodeJS.ProcessEnv): Promise<void> {
  const names = existsSync(localFolder) ? readdirSync(localFolder).filter((name) => name.startsWith(prefix)) : []
  for (const folder of names.map((name) => join(localFolder, name)).filter(isAbandoned)) {
    const stack = await openThrowaway(folder, recordedMode(folder) ?? 'embedded', throwawaySettings(folder, {}), shell)
    await stack.remove()
    removeFolder(folder)
  }
}

function isAbandoned(folder: string): boolean {
  try {
    return !isAlive(JSON.parse(readFileSync(join(folder, 'owner.json'), 'utf8')) as ProcessIdentity)
  } catch {
    // Being made or being removed at this moment.
    return false
  }
}

/**
 * Secrets and ports of its own, and otherwise what `make up` starts with. The brand is the shell's: the suite must pass with any. So is
 * the backend's patience: where no outage is tested, a busy machine must be none.
 */
export async function chooseSettings(folder: string, shell: NodeJS.ProcessEnv): Promise<Settings> {
  const { BRAND_FOLDER, SIDECAR_TIMEOUT_SECONDS } = shell
  const ports = await freePorts(portVariables.length)
  const chosen = Object.fromEntries(portVariables.map((name, index) => [name, String(ports[index])]))
  // Each test can be a client of its own, with its own share of the rate limits.
  return throwawaySettings(folder, {
    ...chosen,
    CLIENT_IP_HEADER: 'x-real-ip',
    ...(BRAND_FOLDER && { BRAND_FOLDER }),
    ...(SIDECAR_TIMEOUT_SECONDS && { SIDECAR_TIMEOUT_SECONDS }),
  })
}

/** The stack kept in the folder, supervised by its owner. In Compose the folder's name is the project's. */
export async function openThrowaway(
  folder: string,
  mode: Mode,
  settings: Settings,
  shell: NodeJS.ProcessEnv,
): Promise<Stack> {
  if (mode === 'compose') return openCompose({ project: `auth-sidecar-${basename(folder)}`, settings, shell })
  const machine = machineEnvironment(shell)
  return openEmbedded({ folder, machine, postgres: databaseSettings, settings, startSupervisor: superviseHere })
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
