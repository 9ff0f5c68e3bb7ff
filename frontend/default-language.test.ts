import { fileURLToPath } from 'node:url'
import { build, type Rolldown } from 'vite'
import { afterEach, expect, test, vi } from 'vitest'

afterEach(() => vi.unstubAllEnvs())

/** The part of the built app that chooses the language, without its layout. */
async function builtWith(language: string): Promise<string> {
  vi.stubEnv('DEFAULT_LANGUAGE', language)
  const root = fileURLToPath(new URL('.', import.meta.url))
  const result = await build({ root, logLevel: 'silent', build: { write: false, minify: false } })
  const chunks = (result as Rolldown.RolldownOutput).output.filter((file) => file.type === 'chunk')
  return chunks.map(({ code }) => code).join('\n')
}

test.each([
  ['de', 'de'],
  ['', 'en'],
])(
  'with DEFAULT_LANGUAGE=%s the pages have %s for a browser that asks for none of their languages',
  async (set, built) => {
    expect(await builtWith(set)).toMatch(new RegExp(`defaultLanguage = ["\`']${built}["\`']`))
  },
  60_000,
)
