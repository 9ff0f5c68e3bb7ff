import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { pageParts, withHead } from '../../../brand/src/page.ts'
import { type Brand, readBrand } from '../../../brand/src/read.ts'
import { withBrand } from './brand.ts'
import type { Contents } from './files.ts'

const SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 96 32"><rect width="96" height="32"/></svg>'
const SHEET = '/assets/index-Ab_-3456.css'
const SCRIPT = '/assets/app-1a2b3c4d.js'
const PAGE = `<head><!-- brand --><!-- /brand --><link rel="stylesheet" href="${SHEET}"></head>`

let folder: string
let first: Brand
let second: Brand
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'brands-'))
  first = brandOf({ name: 'First', logo: { light: 'logo.svg' } })
  second = brandOf({ name: `"${SHEET}" $& </head>`, accent: { light: '#b25a00', dark: '#ffd400' } })
})
afterEach(() => rmSync(folder, { recursive: true }))

function brandOf(fields: object): Brand {
  const own = mkdtempSync(join(folder, 'one-'))
  writeFileSync(join(own, 'logo.svg'), SVG)
  writeFileSync(join(own, 'brand.json'), JSON.stringify({ accent: { light: '#0f6b5c', dark: '#63cdb3' }, ...fields }))
  return readBrand(own)
}

/** As `vite build` leaves it: see frontend/brand-plugin.test.ts. */
function built(brand: Brand): Contents {
  const { head, files } = pageParts(brand)
  return new Map([
    ['/index.html', Buffer.from(withHead(PAGE, head) ?? '')],
    [SHEET, Buffer.from('a{color:red}@layer brand{:root{--accent-light:#0f6b5c;--accent-dark:#63cdb3}}')],
    [SCRIPT, Buffer.from('export {}')],
    ...files.map(({ path, content }) => [path, content] as const),
  ])
}

const paths = (contents: Contents | undefined) => [...(contents?.keys() ?? [])].toSorted()
const all = (contents: Contents | undefined) => [...(contents?.values() ?? [])].join('\n')
const sheetOf = (contents: Contents | undefined) => paths(contents).find((path) => path.endsWith('.css')) ?? ''

test('a brand takes the place of the one of the build, and nothing is left of that', () => {
  const branded = withBrand(built(first), second)

  const { head, colours, files } = pageParts(second)
  expect(paths(branded)).toEqual(['/index.html', SCRIPT, sheetOf(branded), ...files.map(({ path }) => path)].toSorted())
  expect(String(branded?.get('/index.html'))).toContain(head)
  expect(String(branded?.get('/index.html'))).toContain(`<link rel="stylesheet" href="${sheetOf(branded)}">`)
  expect(String(branded?.get(sheetOf(branded)))).toBe(`a{color:red}${colours}`)
  for (const old of ['First', '#0f6b5c', '#63cdb3', SVG]) expect(all(branded)).not.toContain(old)
})

test('other colours are another file: the name of the built one stays that of its content', () => {
  const third = brandOf({ name: 'Third', accent: { light: '#7a3fa8', dark: '#c9a2ee' } })
  const names = [first, second, third].map((brand) => sheetOf(withBrand(built(first), brand)))

  expect(names[0]).toBe(SHEET)
  expect(new Set(names).size).toBe(3)
  expect(sheetOf(withBrand(built(third), second))).toBe(names[1])
})

test('the brand of the build leaves it as it is', () => {
  const contents = built(first)

  expect(withBrand(contents, first)).toBe(contents)
})

test('pages without a place for a brand say so', () => {
  const contents = built(first)
  const without = (path: string, text: string) => new Map(contents).set(path, Buffer.from(text))

  expect(withBrand(without('/index.html', '<title>mine</title>'), second)).toBeUndefined()
  expect(withBrand(without(SHEET, 'a{color:red}'), second)).toBeUndefined()
})
