import type { Env } from '../env.ts'

/** One of the program's commands; main.ts has the table of them. */
export type Command = {
  /** For the operator who called it wrongly. */
  usage: string
  takes: (options: string[]) => boolean
  run: (env: Env, options: string[]) => Promise<void>
}

export const noOptions = (options: string[]) => options.length === 0
