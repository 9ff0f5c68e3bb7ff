import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { filesIn, pageParts, renamed, withColours, withHead } from './page.ts'
import { readBrand } from './read.ts'
import type { ShownBrand } from './shown.ts'

const SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 96 32"><rect width="96" height="32"/></svg>'
/** The start of a PNG of 300 × 60 pixels: its size is all that is read. */
const PNG = Buffer.from('89504e470d0a1a0a0000000d494844520000012c0000003c0806000000', 'hex')
const PLAIN = { name: 'Harbour', accent: { light: '#0f6b5c', dark: '#63cdb3' } }
const PAGE = '<head>\n    <!-- brand -->\n    <!-- /brand -->\n  </head>'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'brand-page-'))
  writeFileSync(join(folder, 'logo.svg'), SVG)
  writeFileSync(join(folder, 'icon.png'), PNG)
})
afterEach(() => rmSync(folder, { recursive: true }))

function partsOf(brand: object) {
  writeFileSync(join(folder, 'brand.json'), JSON.stringify(brand))
  return pageParts(readBrand(folder))
}

const headOf = (brand: object) => partsOf(brand).head
const shownIn = (head: string) =>
  JSON.parse(/<script type="application\/json" id="brand">([^<]*)<\/script>/.exec(head)?.[1] ?? '') as ShownBrand

/** As browsers read it. */
const unescaped = (html = '') => html.replaceAll('&quot;', '"').replaceAll('&lt;', '<').replaceAll('&amp;', '&')

test('title, icon, theme colour and what the script shows stand in the head', () => {
  const { head, files } = partsOf({ ...PLAIN, links: { terms: 'https://example.com/terms?a=1&b=2' } })

  expect(head).toContain('<title>Harbour</title>')
  expect(head).toContain('<meta name="theme-color" content="#0f6b5c" media="(prefers-color-scheme: light)">')
  expect(head).toContain('<meta name="theme-color" content="#63cdb3" media="(prefers-color-scheme: dark)">')
  expect(head).toContain(`<link rel="icon" href="${files[0]?.path}" type="image/svg+xml">`)
  expect(shownIn(head)).toEqual({ name: 'Harbour', logo: null, links: { terms: 'https://example.com/terms?a=1&b=2' } })
})

test('iOS gets an icon where there is one that it can show', () => {
  expect(headOf({ ...PLAIN, icon: 'icon.png' })).toMatch(
    /<link rel="apple-touch-icon" href="\/assets\/icon-[0-9a-f]{8}\.png" type="image\/png">/,
  )
  expect(headOf({ ...PLAIN, icon: 'logo.svg' })).not.toContain('apple-touch-icon')
})

test('logo and icon are files, each once, under a name that changes with them', () => {
  const before = partsOf({ ...PLAIN, logo: { light: 'logo.svg' }, icon: 'icon.png' })
  writeFileSync(join(folder, 'logo.svg'), SVG.replace('96', '95'))
  const after = partsOf({ ...PLAIN, logo: { light: 'logo.svg' }, icon: 'icon.png' })

  const [before1, before2] = [before, after].map(({ files }) => files.map(({ path }) => path))
  expect(before1).toHaveLength(2)
  expect(before2?.filter((path) => before1?.includes(path))).toEqual([expect.stringContaining('/assets/icon-')])
  expect(shownIn(before.head).logo).toMatchObject({ light: { width: 96, height: 32 }, containsName: false })
  expect(filesIn(withHead(PAGE, before.head) ?? '').toSorted()).toEqual(expect.arrayContaining(before1 ?? []))
})

test.each([
  '</script><script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "'&quot;&lt;b&gt; \\u003c \\",
  '<!-- /brand --></head><!-- brand -->',
  '<!--<script>',
  "$& $1 $' $`",
  '⚓️ Hafen & Söhne ‮',
])('the name %s is shown as it is, and ends nothing', (name) => {
  const head = headOf({ ...PLAIN, name })
  const page = withHead(PAGE, head) ?? ''

  expect(shownIn(head).name).toBe(name)
  expect(page).toContain(head)
  expect(head.match(/<[a-z!/]+/gi)).toEqual(headOf(PLAIN).match(/<[a-z!/]+/gi))
  for (const pattern of [/<title>([^<]*)<\/title>/, /name="application-name" content="([^"<]*)">/])
    expect(unescaped(pattern.exec(head)?.[1])).toBe(name)
  expect(withHead(page, headOf(PLAIN))).toBe(withHead(PAGE, headOf(PLAIN)))
})

test('one brand takes the place of another, in a page and in a style sheet', () => {
  const [one, other] = [partsOf(PLAIN), partsOf({ ...PLAIN, accent: { light: '#b25a00', dark: '#ffd400' } })]
  const page = withHead(PAGE, one.head) ?? ''
  const minified =
    'a{color:red}@layer brand{:root{--accent-light:#0f6b5c;--accent-dark:#63cdb3}}@media print{a{color:#000}}'

  expect(withHead(withHead(page, other.head) ?? '', one.head)).toBe(page)
  expect(withColours(minified, other.colours)).toBe(`a{color:red}${other.colours}@media print{a{color:#000}}`)
  expect(withColours(withColours(minified, one.colours) ?? '', other.colours)).toBe(
    withColours(minified, other.colours),
  )
})

test('what has no place for a brand says so', () => {
  expect(withHead('<head></head>', headOf(PLAIN))).toBeUndefined()
  expect(withHead('<head><!-- brand --></head>', headOf(PLAIN))).toBeUndefined()
  expect(withColours(':root{--accent:red}', '')).toBeUndefined()
})

test.each(['/assets/index-Ab_-3456.css', '/assets/index.css'])('%s has another name for other content', (path) => {
  expect(renamed(path, 'a{}')).toMatch(/^\/assets\/index-[0-9a-f]{8}\.css$/)
  expect(renamed(path, 'a{}')).not.toBe(renamed(path, 'b{}'))
})
