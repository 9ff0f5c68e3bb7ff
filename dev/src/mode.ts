import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { CannotContinue } from './errors.ts'
import { run } from './processes/run.ts'
import type { Mode, Settings } from './settings/settings.ts'

export type Choice = { mode: Mode; why: string }

const probeTimeoutMs = 5000

/** `compose` where both the plugin and the engine answer. */
export async function chooseMode(wanted: Settings['mode'], shell: NodeJS.ProcessEnv): Promise<Choice> {
  if (wanted === 'embedded') return { mode: 'embedded', why: 'MODE=embedded' }
  const obstacle = await composeObstacle(shell)
  if (wanted === 'auto') {
    return obstacle ? { mode: 'embedded', why: obstacle } : { mode: 'compose', why: 'Docker Compose answers' }
  }
  if (obstacle) throw new CannotContinue(`MODE=compose is not possible: ${obstacle}. MODE=embedded needs no Docker.`)
  return { mode: 'compose', why: 'MODE=compose' }
}

async function composeObstacle(env: NodeJS.ProcessEnv): Promise<string | undefined> {
  const ask = async (...command: string[]) => (await run(command, { env, timeoutMs: probeTimeoutMs })).code
  const [plugin, engine] = await Promise.all([ask('docker', 'compose', 'version'), ask('docker', 'info')])
  if (plugin === 127) return 'Docker is not installed'
  if (plugin !== 0) return 'Docker has no compose plugin'
  return engine === 0 ? undefined : 'the Docker engine does not answer'
}

/** The mode in which the stack was started, so that the other commands find it whatever MODE says now. */
export function recordedMode(folder: string): Mode | undefined {
  const path = join(folder, 'mode')
  if (!existsSync(path)) return undefined
  return readFileSync(path, 'utf8').trim() === 'compose' ? 'compose' : 'embedded'
}

export function recordMode(folder: string, mode: Mode): void {
  const path = join(folder, 'mode')
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  writeFileSync(path, `${mode}\n`, { mode: 0o600 })
}

export function forgetMode(folder: string): void {
  rmSync(join(folder, 'mode'), { force: true })
}
