import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { build, type Rolldown } from 'vite'
import { beforeAll, expect, test } from 'vitest'

let chunks: Rolldown.OutputChunk[]

beforeAll(async () => {
  const root = fileURLToPath(new URL('.', import.meta.url))
  const result = await build({ root, logLevel: 'silent', build: { write: false } })
  chunks = (result as Rolldown.RolldownOutput).output.filter((file) => file.type === 'chunk')
}, 60_000)

const kilobytesOf = (counted: Iterable<Rolldown.OutputChunk>) =>
  [...counted].reduce((sum, { code }) => sum + gzipSync(code).length, 0) / 1000

/** What a page has to wait for: the entry, and all that it imports before anything is asked for. */
function firstPage(): Set<Rolldown.OutputChunk> {
  const found = new Set(chunks.filter(({ isEntry }) => isEntry))
  for (const { imports } of found) {
    for (const chunk of chunks) if (imports.includes(chunk.fileName)) found.add(chunk)
  }
  return found
}

test('the JavaScript of the first page is at most 100 KB, compressed', () => {
  expect(firstPage().size).toBeGreaterThan(0)
  expect(kilobytesOf(firstPage())).toBeLessThanOrEqual(100)
})

test('all JavaScript of the app is at most 120 KB, compressed', () => {
  expect(kilobytesOf(chunks)).toBeLessThanOrEqual(120)
})

test('what draws the QR code is loaded with the account page', () => {
  const drawing = chunks.filter(({ moduleIds }) => moduleIds.some((id) => id.includes('node_modules/uqr/')))
  expect(drawing).toHaveLength(1)
  expect(drawing.some((chunk) => firstPage().has(chunk))).toBe(false)
})
