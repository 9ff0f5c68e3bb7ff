import { randomUUID } from 'node:crypto'
import { availableParallelism, cpus } from 'node:os'
import { cpuMicroseconds } from './cpu.ts'
import { readStack, type Stack } from './env.ts'
import { sendAll, type Target } from './load.ts'

/** Start here: CPU time per request of the service that answers, for routes side by side, in interleaved rounds. */

const ROUNDS = 5
const REQUESTS_PER_ROUND = 1000

async function signUp({ authUrl, origin }: Stack): Promise<string> {
  const email = `${randomUUID()}@example.com`
  const answer = await fetch(`${authUrl}/api/auth/sign-up/email`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin },
    body: JSON.stringify({ name: 'Bench', email, password: randomUUID() }),
  })
  const token = answer.headers.get('set-auth-token')
  if (!answer.ok || !token) throw new Error(`The sign-up answered ${answer.status}`)
  return token
}

function targets({ authUrl, internalUrl, apiUrl, internalToken }: Stack, token: string): Target[] {
  const bearer = { authorization: `Bearer ${token}` }
  const asService = { ...bearer, 'x-internal-token': internalToken }
  return [
    { name: 'backend: /health/live (no auth)', url: `${apiUrl}/health/live`, headers: {}, measured: apiUrl },
    { name: 'backend: /health/live again (A/A)', url: `${apiUrl}/health/live`, headers: {}, measured: apiUrl },
    { name: 'backend: /api/me', url: `${apiUrl}/api/me`, headers: bearer, measured: apiUrl },
    { name: 'auth server: /health/live', url: `${internalUrl}/health/live`, headers: {}, measured: internalUrl },
    {
      name: 'auth server: /internal/session',
      url: `${internalUrl}/internal/session`,
      headers: asService,
      measured: internalUrl,
    },
    {
      name: 'auth server: better-auth get-session',
      url: `${authUrl}/api/auth/get-session`,
      headers: bearer,
      measured: authUrl,
    },
  ]
}

async function measure(all: Target[]): Promise<Map<Target, number[]>> {
  const spent = new Map(all.map((target) => [target, [] as number[]]))
  for (const target of all) await sendAll(target, REQUESTS_PER_ROUND)
  for (let round = 0; round < ROUNDS; round++) {
    for (const target of all) {
      const before = cpuMicroseconds(target.measured)
      await sendAll(target, REQUESTS_PER_ROUND)
      spent.get(target)?.push((cpuMicroseconds(target.measured) - before) / REQUESTS_PER_ROUND)
    }
  }
  return spent
}

function print(spent: Map<Target, number[]>): void {
  const lines = [...spent].map(([{ name }, rounds]) => {
    const sorted = rounds.toSorted((a, b) => a - b).map((value) => Math.round(value))
    const [median, least, most] = [sorted[Math.floor(sorted.length / 2)], sorted[0], sorted.at(-1)]
    return `${name.padEnd(40)}${String(median).padStart(6)} µs  (${least} to ${most})`
  })
  const heading = `CPU time per request of the answering service: median of ${ROUNDS} rounds of ${REQUESTS_PER_ROUND}`
  const machine = `${availableParallelism()} cores, ${cpus()[0]?.model ?? 'unknown'}, Node ${process.version}`
  process.stdout.write(`\n${heading}\n${machine}\n\n${lines.join('\n')}\n`)
}

const stack = readStack()
print(await measure(targets(stack, await signUp(stack))))
