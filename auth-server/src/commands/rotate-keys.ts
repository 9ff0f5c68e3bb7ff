import { rotateKeys } from '../connected/rotation.ts'
import { createClient } from '../database/pools.ts'
import { DatabaseTaskFailed } from '../database/task.ts'
import type { Env } from '../env.ts'
import { type Command, noOptions } from './command.ts'

export const command: Command = {
  usage: 'rotate-keys',
  takes: noOptions,
  run: async (env) => void process.stdout.write(await rotate(env)),
}

/**
 * Brings the tokens of connected services to the first key of ENCRYPTION_KEYS. When it succeeds, and every server has these
 * settings, the other keys may go.
 * @returns what to print.
 */
export async function rotate(env: Env): Promise<string> {
  const client = createClient(env)
  client.on('error', () => undefined) // the statement that is waiting rejects
  await client.connect()
  try {
    const { rotated, unreadable } = await rotateKeys(env, client)
    const done = `${rotated} connections were encrypted again.`
    if (unreadable === 0) return `${done} All have the first key of ENCRYPTION_KEYS now.\n`
    throw new DatabaseTaskFailed(
      `${done} ${unreadable} cannot be read with any key of ENCRYPTION_KEYS, and were left as they are: add the key that they need.`,
    )
  } finally {
    await client.end()
  }
}
