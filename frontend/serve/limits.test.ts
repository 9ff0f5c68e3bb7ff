import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import limits from '../../contract/limits.json' with { type: 'json' }
import { MAX_BYTES, MAX_MS } from './body.ts'
import { payloadTooLarge, REQUEST_ID } from './errors.ts'
import { IDLE_MS, MAX_HEAD_MS } from './limits.ts'
import { IDLE_MS as IDLE_TO_SERVICE_MS, RESPONSE_TIMEOUT_MS } from './proxy.ts'

const caddyfile = readFileSync(new URL('../Caddyfile', import.meta.url), 'utf8')

test('vite preview has the limits of the contract', () => {
  expect(limits).toMatchObject({
    bodyMaxBytes: MAX_BYTES,
    bodySeconds: MAX_MS / 1000,
    headSeconds: MAX_HEAD_MS / 1000,
    keepAliveSeconds: { service: IDLE_MS / 1000, proxy: IDLE_TO_SERVICE_MS / 1000 },
    proxyWaitSeconds: RESPONSE_TIMEOUT_MS / 1000,
  })
  expect(REQUEST_ID.source).toBe(`^${limits.requestId}$`)
  expect(payloadTooLarge.message).toContain(` ${limits.bodyMaxBytes / 1024} KiB`)
})

test('a client closes an idle connection before a service does', () => {
  const { service, proxy, sidecar } = limits.keepAliveSeconds
  expect(Math.max(proxy, sidecar)).toBeLessThan(service)
})

describe('the Caddyfile', () => {
  test.each([
    `header_regexp x-request-id ^${limits.requestId}$`,
    `max_header_size ${limits.headMaxBytes / 1024}KB`,
    `read_header ${limits.headSeconds}s`,
    `keepalive ${limits.keepAliveSeconds.proxy}s`,
    `response_header_timeout ${limits.proxyWaitSeconds}s`,
    payloadTooLarge.message,
  ])('says: %s', (line) => {
    expect(caddyfile.split(line)).toHaveLength(2)
  })

  test('refuses what is longer than a service accepts, and nothing else', () => {
    const tooLong = new RegExp(/header_regexp content-length (\S+)/.exec(caddyfile)?.[1] ?? '')
    const lengths = [0, 9, 10, 6553, 60_000, limits.bodyMaxBytes - 1, limits.bodyMaxBytes]
    const longer = [limits.bodyMaxBytes + 1, 65_540, 65_600, 66_000, 70_000, 99_999, 100_000, 10 ** 12]
    expect(lengths.filter((length) => tooLong.test(String(length)))).toEqual([])
    expect(longer.filter((length) => !tooLong.test(String(length)))).toEqual([])
  })
})
