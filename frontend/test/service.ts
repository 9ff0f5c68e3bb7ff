import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'
import { type Client, createClient } from '../src/api/client.ts'
import { type Reason, RequestError } from '../src/api/request-error.ts'

/** A client of a service that exists for the running test. */
export async function clientOf(listener: RequestListener): Promise<Client> {
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return createClient(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`, () => true)
}

/** A service that has the same response to everything. */
export function responding(status: number, headers: Record<string, string>, body: string): RequestListener {
  return (_request, response) => response.writeHead(status, headers).end(body)
}

export function refusing(status: number, code: string, headers: Record<string, string> = {}): RequestListener {
  return responding(status, { 'x-request-id': 'request-0001', ...headers }, JSON.stringify({ code, message: 'No.' }))
}

export async function reasonFrom(promise: Promise<unknown>): Promise<Reason> {
  const error = await promise.then(
    () => new Error('It did not fail'),
    (reason: unknown) => reason,
  )
  if (!(error instanceof RequestError)) throw error
  return error.reason
}
