import { join } from 'node:path'
import { repository } from '../paths.ts'
import { type Command, type Finished, mustRun, type RunOptions, run } from '../processes/run.ts'
import { eraseLine, indented } from '../terminal/logs.ts'

export type Project = {
  name: string
  env: NodeJS.ProcessEnv
}

/**
 * Runs docker compose on the project. Its settings come from `env` alone: .env has been read already. No colours unless
 * `args` ask for them: what it prints is read, kept or shown as text.
 */
export function compose(project: Project, args: string[], options: RunOptions = {}): Promise<Finished> {
  const { command, ...where } = composeCommand(project, args)
  return run(command, { ...options, ...where })
}

export function composeCommand({ name, env }: Project, args: string[]): Command {
  const files = ['--env-file', '/dev/null', '--file', join(repository, 'docker-compose.yaml')]
  const text = ['--ansi', 'never', '--progress', 'plain']
  return { command: ['docker', 'compose', ...files, '--project-name', name, ...text, ...args], cwd: repository, env }
}

/** Like `compose`, for what has to work. Gives what it printed. */
export function mustCompose(project: Project, args: string[], signal?: AbortSignal): Promise<string> {
  const message = ({ output }: Finished) => `docker compose ${args[0]} failed:\n\n${endOf(output, 25)}`
  return mustRun(composeCommand(project, args), signal, message)
}

export function endOf(output: string, lastLines: number): string {
  return indented(output.trim().split('\n').slice(-lastLines))
}

export const onlyLogs = ['logs', '--no-log-prefix']

/** Of a service, or of one of the commands that run before them. */
export async function readLog(project: Project, service: string): Promise<string> {
  const { output } = await compose(project, [...onlyLogs, service])
  return output.replaceAll(eraseLine, '')
}
