import { join } from 'node:path'
import { CannotContinue } from '../errors.ts'
import { repository } from '../paths.ts'
import { type Finished, type RunOptions, run } from '../processes/run.ts'
import type { LogOutput, ServiceName } from '../stack.ts'
import { eraseLine, prefixed } from '../terminal/logs.ts'

export type Project = {
  name: string
  env: NodeJS.ProcessEnv
}

/**
 * Runs docker compose on the project. Its settings come from `env` alone: .env has been read already. No colours unless
 * `args` ask for them: what it prints is read, kept or shown as text.
 */
export function compose(project: Project, args: string[], options: RunOptions = {}): Promise<Finished> {
  return run(composeCommand(project, args), { ...options, cwd: repository, env: project.env })
}

export function composeCommand({ name }: Project, args: string[]): string[] {
  const files = ['--env-file', '/dev/null', '--file', join(repository, 'docker-compose.yaml')]
  return ['docker', 'compose', ...files, '--project-name', name, '--ansi', 'never', '--progress', 'plain', ...args]
}

/** Like `compose`, for what has to work. Gives what it printed. */
export async function mustCompose(project: Project, args: string[], options: RunOptions = {}): Promise<string> {
  const { code, output } = await compose(project, args, options)
  options.signal?.throwIfAborted()
  if (code === 0) return output
  throw new CannotContinue(`docker compose ${args[0]} failed:\n\n${indented(output, 25)}`)
}

export function indented(output: string, lastLines: number): string {
  const lines = output.trim().split('\n').slice(-lastLines)
  return lines.map((line) => `    ${line}`).join('\n')
}

/** Of a service, or of one of the commands that run before them. */
export async function readLog(project: Project, service: string): Promise<string> {
  const { output } = await compose(project, ['logs', '--no-log-prefix', service])
  return output.replaceAll(eraseLine, '')
}

/** One compose for each service, so that the lines look like those of the embedded stack. */
export async function followLogs(
  project: Project,
  services: readonly ServiceName[],
  output: LogOutput,
  signal: AbortSignal,
): Promise<void> {
  const print = prefixed(services, output)
  const follow = (service: ServiceName) => {
    const command = ['logs', '--follow', '--tail', '20', '--no-log-prefix', service]
    return compose(project, command, { signal, onOutput: print(service) })
  }
  await Promise.all(services.map(follow))
}
