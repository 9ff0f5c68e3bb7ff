import type { Bench } from '../bench.ts'
import { openConnection } from '../load/connection.ts'
import { request } from '../load/request.ts'
import { quantile } from '../statistics.ts'
import { signUp } from '../users.ts'

/** Milliseconds. */
export type SignOuts = { count: number; p50: number; p99: number }

/** Sign-outs at the stack's auth server, one after the other, while the services that are connected use their leases. */
export async function measureSignOuts({ stack }: Bench, count: number): Promise<SignOuts> {
  const latencies: number[] = []
  const connection = await openConnection(Number(new URL(stack.authUrl).port))
  for (let index = 0; index < count; index++) {
    const { bearer } = await signUp(stack.authUrl, stack.origin)
    const headers = { authorization: `Bearer ${bearer}`, origin: stack.origin }
    const bytes = request({ method: 'POST', path: '/api/auth/sign-out', headers, body: {} })
    const sentAt = performance.now()
    const { status } = await connection.send(bytes)
    latencies.push(performance.now() - sentAt)
    if (status !== 200) throw new Error(`The sign-out returned ${status}`)
  }
  connection.close()
  return { count, p50: quantile(latencies, 0.5), p99: quantile(latencies, 0.99) }
}
