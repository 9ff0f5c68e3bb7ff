import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { oldTokensOf } from '../env-old-tokens.ts'
import { createLog } from '../log.ts'
import { createReader } from './claims.ts'
import { KeySet } from './key-set.ts'

type Shape = { settings: Record<string, string>; userId: string; token: string; refused: Record<string, string> }
type Shapes = { now: number; keys: object[]; shapes: Record<string, Shape> }

const file = new URL('../../test/old-token-shapes.json', import.meta.url)
const { now, keys, shapes } = JSON.parse(readFileSync(file, 'utf8')) as Shapes
const guide = readFileSync(new URL('../../../docs/old-tokens.md', import.meta.url), 'utf8')
const log = createLog({ LOG_LEVEL: 'silent' })

const issuer = createServer((_request, response) => response.end(JSON.stringify({ keys })))
beforeAll(async () => {
  await new Promise<void>((done) => issuer.listen(0, '127.0.0.1', done))
  vi.useFakeTimers({ toFake: ['Date'], now: now * 1000 })
})
afterAll(() => {
  vi.useRealTimers()
  issuer.close()
})

function readerFor(settings: Record<string, string>) {
  const hasKeys = settings.OLD_TOKENS_SECRET === undefined
  const url = `http://127.0.0.1:${(issuer.address() as AddressInfo).port}/`
  const all = { OLD_TOKENS_UNTIL: '2099-12-31', ...(hasKeys && { OLD_TOKENS_JWKS_URL: url }), ...settings }
  const { value, errors } = oldTokensOf(all)
  expect(errors).toEqual([])
  if (value === undefined) throw new Error('no settings')
  const keySet = hasKeys ? new KeySet({ url, algorithm: value.algorithm, log }) : undefined
  return createReader(value, keySet)
}

describe.each(Object.entries(shapes))('%s', (name, { settings, userId, token, refused }) => {
  test('a token is read with the settings of the guide', async () => {
    expect(await readerFor(settings)(token, 'recent')).toMatchObject({ userId })
    const row = guide.split('\n').find((line) => line.startsWith(`| ${name}`)) ?? ''
    expect(Object.keys(settings).filter((variable) => !row.includes(variable) && !row.includes('as above'))).toEqual([])
  })

  test.each(Object.entries(refused))('%s is refused', async (_what, other) => {
    await expect(readerFor(settings)(other, 'recent')).rejects.toMatchObject({ status: 401 })
  })
})

test('a token with an audience is for somebody else where none is set', async () => {
  const [template, other] = [shapes["FastAPI's template"], shapes['FastAPI Users']]
  await expect(readerFor(template?.settings ?? {})(other?.token ?? '', 'recent')).rejects.toMatchObject({
    code: 'INVALID_TOKEN',
  })
})
