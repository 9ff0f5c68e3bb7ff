import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import type { Settings } from '../settings/settings.ts'
import { ensureDemo } from './seed.ts'

const closing: (() => void)[] = []
afterEach(() => {
  for (const close of closing.splice(0)) close()
})

/** Stands for an auth server whose first response is that there were too many requests. */
async function limited(retryAfter: string) {
  let asked = 0
  const server = createServer((_request, response) => {
    asked += 1
    if (asked > 1) return void response.end('{}')
    response.writeHead(429, { 'retry-after': retryAfter }).end('{"code":"TOO_MANY_REQUESTS","message":"Too many."}')
  }).listen(0, '127.0.0.1')
  closing.push(() => server.close())
  await once(server, 'listening')
  const settings = {
    ports: { AUTH_PORT: (server.address() as AddressInfo).port } as Settings['ports'],
    variables: {
      ...{ DEMO_EMAIL: 'demo@example.com', DEMO_PASSWORD: 'a password' },
      ...{ PUBLIC_URL: 'http://localhost:3000', CORS_ORIGIN: '' },
    },
  }
  return { settings, asked: () => asked }
}

test('the demo account waits for the rate limit, as long as that says', async () => {
  const { settings, asked } = await limited('1')
  expect(await ensureDemo(settings, new AbortController().signal)).toBe('ready')
  expect(asked()).toBe(2)
})

test('it is not waited for when that takes long', async () => {
  const { settings, asked } = await limited('600')
  await expect(ensureDemo(settings, new AbortController().signal)).rejects.toThrow('429 TOO_MANY_REQUESTS')
  expect(asked()).toBe(1)
})

test('Ctrl-C ends the wait', async () => {
  const { settings } = await limited('10')
  const stop = new AbortController()
  const waiting = ensureDemo(settings, stop.signal)
  stop.abort(new Error('stopped'))
  await expect(waiting).rejects.toThrow('stopped')
})
