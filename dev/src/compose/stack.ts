import type { Settings } from '../settings/settings.ts'
import { asJsonRows, searchBoth } from '../sql.ts'
import type { Control, Stack } from '../stack.ts'
import { withStandIns } from '../stand-ins.ts'
import { authServerCall } from './auth-server-call.ts'
import { composeCommand, followLogs, mustCompose, type Project, readLog } from './compose.ts'
import { readStatus } from './status.ts'
import { check, up } from './up.ts'

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
  const projectWith = (wanted: Settings): Project => {
    return { name, env: { ...shell, ...withStandIns(wanted, 'compose').variables } }
  }
  const project = projectWith(settings)
  const withBothSchemas = ['env', `PGOPTIONS=${searchBoth(settings.variables)}`]
  const status = () => readStatus(project)

  return {
    mode: 'compose',
    status,
    isRunning: async () => (await status()).some((service) => service.state !== 'stopped'),
    check: (wanted, progress, signal) => check(projectWith(wanted), wanted, progress, signal),
    up: (wanted, progress, signal) => up(projectWith(wanted), progress, signal),
    down: async (progress) => {
      const running = (await status()).filter((service) => service.state !== 'stopped')
      const begin = Date.now()
      await mustCompose(project, ['down', '--remove-orphans'])
      if (running.length > 0) progress.done('containers', 'removed', Date.now() - begin)
      return running.length
    },
    follow: (services, output, signal) => {
      return followLogs(project, services, output, signal)
    },
    log: (service) => readLog(project, service),
    control: async (act, service) => void (await mustCompose(project, [...commands[act], service])),
    adminUrl: () => undefined,
    sql: async (statement) => {
      const { text, givesRows } = asJsonRows(statement)
      const psql = [
        ...withBothSchemas,
        'psql',
        '-qAtX',
        '-v',
        'ON_ERROR_STOP=1',
        '-U',
        'postgres',
        '-d',
        'auth_sidecar',
        // A warning would be printed among the rows.
        '-c',
        'SET client_min_messages = error',
        '-c',
        text,
      ]
      const output = await mustCompose(project, ['exec', '-T', 'postgres', ...psql])
      return givesRows ? output.trim() : '[]'
    },
    client: async (program, args, isTerminal) => {
      const login = [...withBothSchemas, program, '-U', 'postgres', '-d', 'auth_sidecar', ...args]
      return {
        command: composeCommand(project, ['exec', ...(isTerminal ? [] : ['-T']), 'postgres', ...login]),
        env: project.env,
      }
    },
    makeAdmin: (email, _settings, signal) =>
      mustCompose(project, ['run', '--rm', '--no-deps', '-T', 'auth-migrate', 'make-admin', email], { signal }),
    authServer: async (call) => ({ command: composeCommand(project, authServerCall(call)), env: project.env }),
    doctor: async (args, _settings, isTerminal) => {
      const options = ['--rm', '--no-deps', '--quiet-pull', ...(isTerminal ? [] : ['-T'])]
      // The one that has the addresses of every role.
      const command = ['run', ...options, 'database-setup', 'doctor', '--backend', 'http://backend:8000', ...args]
      return { command: composeCommand(project, command), env: project.env }
    },
    migrate: async (_settings, progress) => {
      const begin = Date.now()
      await mustCompose(project, ['build', '--quiet', 'auth-migrate', 'backend-migrate'])
      // It brings the two before it along.
      await mustCompose(project, ['run', '--rm', 'backend-migrate'])
      progress.done('database', 'migrated', Date.now() - begin)
    },
    remove: async () => void (await mustCompose(project, ['down', '--volumes', '--remove-orphans'])),
  }
}
