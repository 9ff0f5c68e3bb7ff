import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { build, type Rolldown } from 'vite'
import { expect, test } from 'vitest'

const MAX_KILOBYTES = 100

test(`all JavaScript of the app is at most ${MAX_KILOBYTES} KB, compressed`, { timeout: 60_000 }, async () => {
  const root = fileURLToPath(new URL('.', import.meta.url))
  const result = await build({ root, logLevel: 'silent', build: { write: false } })

  const { output } = result as Rolldown.RolldownOutput
  const bytes = output
    .filter((file) => file.type === 'chunk')
    .reduce((sum, chunk) => sum + gzipSync(chunk.code).length, 0)

  expect(bytes / 1000).toBeLessThanOrEqual(MAX_KILOBYTES)
})
