import { expect, test } from 'vitest'
import { readContract } from '../../test/contract.ts'
import { NAME_MAX } from '../auth/user-rules.ts'
import { HttpError } from '../errors.ts'
import { PASSWORD_LENGTH } from '../passwords/rules.ts'
import { REQUEST_ID } from './base.ts'
import { MAX_BYTES } from './body-guard.ts'
import { MAX_DEPTH } from './json-object.ts'
import { LIMITS } from './server.ts'

const limits = readContract<{ requestId: string; bodyMaxBytes: number; headMaxBytes: number }>('limits')

test('this server has the limits of the contract', () => {
  expect(limits).toMatchObject({
    passwordMinCharacters: PASSWORD_LENGTH.min,
    passwordMaxCharacters: PASSWORD_LENGTH.max,
    nameMaxCharacters: NAME_MAX,
    bodyMaxBytes: MAX_BYTES,
    headMaxBytes: LIMITS.maxHeaderSize,
    jsonMaxDepth: MAX_DEPTH,
    headSeconds: LIMITS.headersTimeout / 1000,
    bodySeconds: LIMITS.requestTimeout / 1000,
    keepAliveSeconds: { service: LIMITS.keepAliveTimeout / 1000 },
  })
  expect(REQUEST_ID.source).toBe(`^${limits.requestId}$`)
  expect(new HttpError('PAYLOAD_TOO_LARGE').message).toContain(` ${limits.bodyMaxBytes / 1024} KiB`)
  expect(new HttpError('HEADERS_TOO_LARGE').message).toContain(` ${limits.headMaxBytes / 1024} KiB`)
})
