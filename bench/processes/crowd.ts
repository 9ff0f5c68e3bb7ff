import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { nodeWithTypeScript } from '../../dev/src/programs.ts'
import { machine } from '../env.ts'
import type { Crowd, Outcome } from '../load/crowd.ts'

const program = fileURLToPath(new URL('../load/crowd.ts', import.meta.url))

/**
 * Resolves after the crowd's first response, with a function that ends the crowd. It has the lowest priority on its cores,
 * because real users are on machines of their own.
 */
export async function gatherCrowd(crowd: Crowd): Promise<() => Promise<Outcome>> {
  const command = ['-n', '19', ...nodeWithTypeScript, program, JSON.stringify(crowd)]
  const child = spawn('nice', command, { env: machine, stdio: ['pipe', 'pipe', 'inherit'] })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const next = async () => {
    const { value, done } = await lines.next()
    if (done) throw new Error('The crowd has failed')
    return value
  }
  await next()
  return async () => {
    child.stdin.end()
    return JSON.parse(await next()) as Outcome
  }
}
