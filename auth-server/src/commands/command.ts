import type { Env } from '../env.ts'

/** One of the program's commands; main.ts has the table of them. */
export type Command = Usage & { run: (env: Env, options: string[]) => Promise<void> }
/** One that looks at the settings itself, so that it can say more of them than that they are refused. */
export type UnreadCommand = Usage & { runUnread: (source: NodeJS.ProcessEnv, options: string[]) => Promise<void> }

type Usage = {
  /** For the operator who called it wrongly. */
  usage: string
  takes: (options: string[]) => boolean
}

export const noOptions = (options: string[]) => options.length === 0
