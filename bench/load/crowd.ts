import { setMaxListeners } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Person, signInRequest } from '../people.ts'
import { openConnection } from './connection.ts'

/**
 * People who sign in over and over: a program of its own, so that its work does not delay the prober. It prints a line
 * when the first is answered, goes on until its input ends, and prints what became of the sign-ins.
 */
export type Crowd = {
  port: number
  person: Pick<Person, 'email' | 'password'>
  origin: string
  clients: number
  /** What somebody who was refused does: waits as Retry-After says, or asks again at once. */
  whenRefused: 'wait' | 'again'
}
export type Outcome = { seconds: number; signedIn: number; refused: number }

async function signInAll({ port, person, origin, clients, whenRefused }: Crowd, end: AbortSignal): Promise<Outcome> {
  const outcome = { seconds: 0, signedIn: 0, refused: 0 }
  const begin = performance.now()

  async function client() {
    const connection = await openConnection(port)
    while (!end.aborted) {
      const { status, head } = await connection.send(signInRequest(person, origin))
      if (outcome.signedIn + outcome.refused === 0) process.stdout.write('begun\n')
      if (status === 200) outcome.signedIn++
      else if (status === 503) outcome.refused++
      else throw new Error(`The sign-in answered ${status}`)
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

/** With up to as much again on top, so that those who were refused together do not come back together. */
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
