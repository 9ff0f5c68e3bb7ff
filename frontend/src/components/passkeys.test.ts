import { expect, test } from 'vitest'
import { toBytes, toText } from './passkeys.ts'

test.each([0, 1, 2, 3, 4, 250, 255])('bytes that end in %d are the same after both ways', (last) => {
  const bytes = Uint8Array.from([251, 255, 62, 63, last])

  expect(toText(bytes.buffer)).toBe(Buffer.from(bytes).toString('base64url'))
  expect(toBytes(toText(bytes.buffer))).toEqual(bytes)
})
