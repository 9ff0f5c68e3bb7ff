import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build, createServer, type Rolldown } from 'vite'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { withColours, withHead } from '../brand/src/page.ts'
import { brandPlugin } from './brand-plugin.ts'

const SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 96 32"><rect width="96" height="32"/></svg>'
/** The start of a PNG of 300 × 60 pixels: its size is all that is read. */
const PNG = Buffer.from('89504e470d0a1a0a0000000d494844520000012c0000003c0806000000', 'hex')
const BRAND = { name: 'Fish & <Chips>', accent: { light: '#0f6b5c', dark: '#63cdb3' } }

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'brand-plugin-'))
  mkdirSync(join(folder, 'app', 'styles'), { recursive: true })
  writeFileSync(join(folder, 'logo.svg'), SVG)
  writeFileSync(join(folder, 'icon.png'), PNG)
  writeFileSync(join(folder, 'app', 'styles', 'tokens.css'), ':root { color-scheme: light dark }')
  writeFileSync(join(folder, 'app', 'main.js'), 'globalThis.shown = document.getElementById("brand")\n')
  writeFileSync(
    join(folder, 'app', 'index.html'),
    '<!doctype html><html><head><meta charset="utf-8"><!-- brand --><!-- /brand --><link rel="stylesheet" href="/styles/tokens.css"></head><body><script type="module" src="/main.js"></script></body></html>',
  )
})
afterEach(() => rmSync(folder, { recursive: true }))

const write = (brand: object) => writeFileSync(join(folder, 'brand.json'), JSON.stringify(brand))

/** Name to content of every file of the build. */
async function built(brand: object, minify = false): Promise<Record<string, string>> {
  write(brand)
  const result = (await build({
    configFile: false,
    root: join(folder, 'app'),
    logLevel: 'silent',
    plugins: [brandPlugin(folder)],
    build: { write: false, minify, target: 'es2023' },
  })) as Rolldown.RolldownOutput
  return Object.fromEntries(
    result.output.map((file) => [
      file.fileName.replace(/-[\w-]{8}\./, '.'),
      file.type === 'chunk' ? file.code : Buffer.from(file.source).toString('latin1'),
    ]),
  )
}

const styleOf = (files: Record<string, string>) =>
  Object.entries(files).find(([name]) => name.endsWith('.css'))?.[1] ?? ''

test('the brand stands in the page, after its character set, and in no script', async () => {
  const { 'index.html': html = '', ...files } = await built(BRAND)

  expect(html).toMatch(/<title>Fish &amp; &lt;Chips><\/title>/)
  expect(html).toMatch(/<link rel="icon" href="\/assets\/icon-[0-9a-f]{8}\.svg" type="image\/svg\+xml">/)
  expect(html).toContain('<script type="application/json" id="brand">{"name":"Fish & \\u003cChips>","logo":null')
  expect(html.indexOf('charset')).toBeLessThan(html.indexOf('<title>'))
  for (const [name, content] of Object.entries(files)) if (name.endsWith('.js')) expect(content).not.toContain('Fish')
})

test('the colours join those of the pages', async () => {
  const css = styleOf(await built(BRAND))

  for (const colour of ['#0f6b5c', '#63cdb3']) expect(css).toContain(colour)
  for (const name of ['--accent', '--on-accent', '--accent-text', '--accent-soft']) expect(css).toContain(`${name}:`)
})

test('logo and icon are files of the own origin, each once, and the tab of a brand without them shows a letter', async () => {
  const files = await built({ ...BRAND, logo: { light: 'logo.svg' }, icon: 'icon.png' })
  const plain = await built({ ...BRAND, name: 'Harbour' })

  expect(files['assets/logo.svg']).toBe(SVG)
  expect(files['assets/icon.png']).toBe(PNG.toString('latin1'))
  expect(files['index.html']?.match(/"\/assets\/logo-[0-9a-f]{8}\.svg"/g)).toHaveLength(2)
  expect(files['index.html']).not.toContain('data:')
  expect(plain['assets/icon.svg']).toContain('>H</text>')
  expect(Object.keys(plain).filter((name) => name.includes('logo'))).toEqual([])
})

test.each([false, true])('a server can put another brand into what was built, minified: %s', async (minify) => {
  const files = await built(BRAND, minify)
  const css = withColours(styleOf(files), '') ?? ''

  expect(withHead(files['index.html'] ?? '', '')).not.toMatch(/Fish|icon|#0f6b5c/)
  expect(css).toMatch(/--accent: ?(?:light-dark\(|var\(--lightningcss-light, ?)var\(--accent-light\)/)
  expect(css).not.toMatch(/--accent-light:|@layer|#0f6b5c/)
})

test('a page without a place for the brand is not built', async () => {
  writeFileSync(join(folder, 'app', 'index.html'), '<!doctype html><html><head></head><body></body></html>')

  await expect(built(BRAND)).rejects.toThrow('index.html has no place for the brand')
})

test('a build with a brand that cannot be used names its fields', () => {
  write({ ...BRAND, name: '', accent: { ...BRAND.accent, light: '#ffd400' } })

  expect(() => brandPlugin(folder)).toThrow(/brand\.json: name must be/)
  expect(() => brandPlugin(folder)).toThrow(/accent\.light: accent #ffd400 has 1\.30:1 on ground/)
})

test('while developing, the files are served and a change of the brand is seen', async () => {
  write({ ...BRAND, logo: { light: 'logo.svg' } })
  const configFile = join(folder, 'app', 'vite.config.mjs')
  const plugin = JSON.stringify(join(import.meta.dirname, 'brand-plugin.ts'))
  writeFileSync(
    configFile,
    `import { brandPlugin } from ${plugin}\nexport default { root: ${JSON.stringify(join(folder, 'app'))}, logLevel: 'silent', plugins: [brandPlugin(${JSON.stringify(folder)})], server: { port: 0, host: '127.0.0.1' } }\n`,
  )
  const server = await (await createServer({ configFile })).listen()
  try {
    const page = async () => {
      const [origin = ''] = server.resolvedUrls?.local ?? []
      return { origin: origin.replace(/\/$/, ''), html: await (await fetch(origin)).text() }
    }
    const { origin, html } = await page()
    const icon = /rel="icon" href="([^"]+)"/.exec(html)?.[1] ?? ''
    const response = await fetch(origin + icon)
    expect(response.headers.get('content-type')).toBe('image/svg+xml')
    expect(await response.text()).toBe(SVG)

    write({ ...BRAND, name: 'Harbour' })
    server.watcher.emit('change', join(folder, 'brand.json'))

    await expect
      .poll(async () => (await page().catch(() => ({ html: '' }))).html, { timeout: 15_000 })
      .toContain('<title>Harbour</title>')
  } finally {
    await server.close()
  }
}, 30_000)
