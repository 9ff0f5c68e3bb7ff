import { join } from 'node:path'
import { CannotContinue } from '../errors.ts'
import { repository } from '../paths.ts'
import { type Finished, type RunOptions, run } from '../processes/run.ts'

export type Project = {
  /** Absent: the name in docker-compose.yaml. */
  name: string | undefined
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
  const project = name === undefined ? [] : ['--project-name', name]
  return ['docker', 'compose', ...files, ...project, '--ansi', 'never', '--progress', 'plain', ...args]
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
