import type { Settings } from '../settings/settings.ts'
import { asJsonRows, searchBoth } from '../sql.ts'
import type { Control, Stack } from '../stack.ts'
import { withStandIns } from '../stand-ins.ts'
import { authServerCall } from './auth-server-call.ts'
import { composeCommand, mustCompose, onlyLogs, type Project, readLog } from './compose.ts'
import { removeImages } from './images.ts'
import { readStatus } from './status.ts'
import { type Build, build, check, up } from './up.ts'

export type ComposeOptions = {
  project: string
  settings: Settings
  shell: NodeJS.ProcessEnv
}

const commands: Record<Control, string[]> = {
  start: ['up', '--detach', '--wait', '--no-deps', '--no-recreate'],
  stop: ['stop'],
  kill: ['kill'],
  pause: ['pause'],
  resume: ['unpause'],
}

export function openCompose({ project: name, settings, shell }: ComposeOptions): Stack {
  const project: Project = { name, env: { ...shell, ...withStandIns(settings, 'compose').variables } }
  const inPostgres = (program: string, args: string[], isTerminal: boolean) => [
    ...['exec', ...(isTerminal ? [] : ['-T']), 'postgres', 'env', `PGOPTIONS=${searchBoth(settings.variables)}`],
    ...[program, '-U', 'postgres', '-d', 'auth_sidecar', ...args],
  ]
  const status = () => readStatus(project)
  let building: Promise<void> | undefined
  /** What has been checked is started: `up` after `check` builds nothing. */
  const buildOnce: Build = (checked, work) => {
    building ??= build(checked, work)
    return building
  }

  return {
    mode: 'compose',
    status,
    isRunning: async () => (await status()).some((service) => service.state !== 'stopped'),
    check: (work) => check(project, settings, work, buildOnce),
    up: (work) => up(project, work, buildOnce),
    down: async (progress) => {
      const running = (await status()).filter((service) => service.state !== 'stopped')
      const begin = Date.now()
      await mustCompose(project, ['down', '--remove-orphans'])
      if (running.length > 0) progress.done('containers', 'removed', Date.now() - begin)
      return running.length
    },
    following: (service) => composeCommand(project, [...onlyLogs, '--follow', '--tail', '20', service]),
    log: (service) => readLog(project, service),
    control: async (act, service) => void (await mustCompose(project, [...commands[act], service])),
    adminUrl: () => undefined,
    sql: async (statement) => {
      const { text, givesRows } = asJsonRows(statement)
      // A warning would be printed among the rows.
      const statements = ['-c', 'SET client_min_messages = error', '-c', text]
      const psql = inPostgres('psql', ['-qAtX', '-v', 'ON_ERROR_STOP=1', ...statements], false)
      const output = await mustCompose(project, psql)
      return givesRows ? output.trim() : '[]'
    },
    client: async (program, args, isTerminal) => composeCommand(project, inPostgres(program, args, isTerminal)),
    authServer: async (call) => composeCommand(project, authServerCall(call)),
    migrate: async ({ progress }) => {
      const begin = Date.now()
      await mustCompose(project, ['build', '--quiet', 'auth-migrate', 'backend-migrate'])
      // It brings the two before it along.
      await mustCompose(project, ['run', '--rm', 'backend-migrate'])
      progress.done('database', 'migrated', Date.now() - begin)
    },
    remove: async () => {
      await mustCompose(project, ['down', '--volumes', '--remove-orphans'])
      await removeImages(project)
    },
  }
}
