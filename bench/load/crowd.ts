import { setMaxListeners } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { signInRequest, type User } from '../users.ts'
import { openConnection } from './connection.ts'

/**
 * Users who sign in over and over: a program of its own, so that its work does not delay the prober. It prints a line
 * after the first response, continues until its input ends, and prints the outcome of the sign-ins.
 */
export type Crowd = {
  port: number
  user: Pick<User, 'email' | 'password'>
  origin: string
  clients: number
  /** What a refused client does: it waits as Retry-After says, or retries immediately. */
  whenRefused: 'wait' | 'retry'
}
export type Outcome = { seconds: number; signedIn: number; refused: number }

async function signInAll({ port, user, origin, clients, whenRefused }: Crowd, end: AbortSignal): Promise<Outcome> {
  const outcome = { seconds: 0, signedIn: 0, refused: 0 }
  const begin = performance.now()

  async function client() {
    const connection = await openConnection(port)
    while (!end.aborted) {
      const { status, head } = await connection.send(signInRequest(user, origin))
      if (outcome.signedIn + outcome.refused === 0) process.stdout.write('begun\n')
      if (status === 200) outcome.signedIn++
      else if (status === 503) outcome.refused++
      else throw new Error(`The sign-in returned ${status}`)
      if (status === 503 && whenRefused === 'wait') await pause(retryAfterMs(head), end)
    }
    connection.close()
  }

  end.addEventListener('abort', () => {
    outcome.seconds = (performance.now() - begin) / 1000
  })
  await Promise.all(Array.from({ length: clients }, client))
  return outcome
}

/** Plus up to the same time again, so that clients refused together do not come back together. */
function retryAfterMs(head: string): number {
  const [, seconds] = /\r\nretry-after: (\d+)/.exec(head) ?? []
  if (seconds === undefined) throw new Error('A 503 without Retry-After')
  return Number(seconds) * 1000 * (1 + Math.random())
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return sleep(milliseconds, undefined, { signal }).catch(() => undefined)
}

const end = new AbortController()
setMaxListeners(0, end.signal)
process.stdin.resume().once('end', () => end.abort())
const outcome = await signInAll(JSON.parse(process.argv[2] ?? '') as Crowd, end.signal)
process.stdout.write(`${JSON.stringify(outcome)}\n`)
