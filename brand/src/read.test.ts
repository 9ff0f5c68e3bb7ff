import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import schema from '../brand.schema.json' with { type: 'json' }
import { iconOf } from './icon.ts'
import { brandFolder, readBrand, tryBrand } from './read.ts'

const ACCENT = { light: '#0f6b5c', dark: '#63cdb3' }
const MINIMAL = { name: 'Harbour', accent: ACCENT }
const SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 96 32"><rect width="96" height="32"/></svg>'
/** The start of a PNG of 300 × 60 pixels: its size is all that is read. */
const PNG = Buffer.from('89504e470d0a1a0a0000000d494844520000012c0000003c0806000000', 'hex')

let folder: string
beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), 'brand-')), 'harbour')
  mkdirSync(folder)
  writeFileSync(join(folder, 'logo.svg'), SVG)
  writeFileSync(join(folder, 'logo.png'), PNG)
})
afterEach(() => rmSync(join(folder, '..'), { recursive: true }))

const errorsIn = (folder: string): readonly string[] => tryBrand(folder).errors

function errorsOf(brand: unknown): readonly string[] {
  writeFileSync(join(folder, 'brand.json'), typeof brand === 'string' ? brand : JSON.stringify(brand))
  return errorsIn(folder)
}

function brandOf(brand: object) {
  expect(errorsOf(brand)).toEqual([])
  return readBrand(folder)
}

test('the brand of this repository can be used: every pair of its colours has the contrast of WCAG AA', () => {
  const own = brandFolder(fileURLToPath(new URL('../..', import.meta.url)), process.env.BRAND_FOLDER)

  expect(errorsIn(own)).toEqual([])
})

test('a name and an accent are enough', () => {
  const brand = brandOf(MINIMAL)

  expect(brand).toMatchObject({ name: 'Harbour', logo: null, icon: null, links: {} })
})

test('a logo has its proportions, whether SVG or PNG, and is the icon too', () => {
  expect(brandOf({ ...MINIMAL, logo: { light: 'logo.svg' } })).toMatchObject({
    logo: { light: { type: 'svg', width: 96, height: 32 }, dark: { type: 'svg' }, containsName: false },
    icon: { type: 'svg', path: join(folder, 'logo.svg') },
  })
  expect(brandOf({ ...MINIMAL, logo: { light: 'logo.svg', dark: 'logo.png' } })).toMatchObject({
    logo: { dark: { type: 'png', width: 300, height: 60 } },
  })
})

test('a wordmark is no icon: a tab shows the first letter, or the icon of the brand', () => {
  const logo = { light: 'logo.svg', containsName: true }

  expect(String(iconOf(brandOf({ ...MINIMAL, logo })).content)).toContain('>H</text>')
  expect(iconOf(brandOf({ ...MINIMAL, logo, icon: 'logo.png' }))).toEqual({ type: 'png', content: PNG })
})

test('a letter that means something in SVG is written as text', () => {
  expect(String(iconOf(brandOf({ ...MINIMAL, name: '<&>' })).content)).toContain('>&#60;</text>')
})

test.each([
  [{ accent: ACCENT }, 'name is required'],
  [{ ...MINIMAL, name: '' }, 'name must'],
  [{ ...MINIMAL, name: 'x'.repeat(41) }, 'name must'],
  [{ ...MINIMAL, name: 'two\nlines' }, 'name must'],
  [{ ...MINIMAL, name: 7 }, 'name must'],
  [{ name: 'Harbour' }, 'accent.light is required'],
  [{ ...MINIMAL, accent: { light: '#0f6b5c' } }, 'accent.dark is required'],
  [{ ...MINIMAL, accent: '#0f6b5c' }, 'accent must be an object'],
  [{ ...MINIMAL, accent: { ...ACCENT, light: 'teal' } }, 'accent.light must be a colour'],
  [{ ...MINIMAL, accent: { ...ACCENT, light: '#0f6b5c;}' } }, 'accent.light must be a colour'],
  [{ ...MINIMAL, accent: { ...ACCENT, light: '#ffd400' } }, 'accent.light: accent #ffd400 has'],
  [{ ...MINIMAL, accent: { ...ACCENT, dark: '#101010' } }, 'accent.dark: accent #101010 has'],
  [{ ...MINIMAL, logo: {} }, 'logo.light is required'],
  [{ ...MINIMAL, logo: { light: 'none.svg' } }, 'logo.light (none.svg) cannot be read'],
  [{ ...MINIMAL, logo: { light: '../logo.svg' } }, 'logo.light must name'],
  [{ ...MINIMAL, logo: { light: '/etc/logo.svg' } }, 'logo.light must name'],
  [{ ...MINIMAL, logo: { light: 'logo.gif' } }, 'logo.light must name'],
  [{ ...MINIMAL, logo: { light: 'logo.svg', containsName: 'yes' } }, 'logo.containsName must be true or false'],
  [{ ...MINIMAL, icon: 'none.png' }, 'icon (none.png) cannot be read'],
  [{ ...MINIMAL, links: { terms: 'http://example.com' } }, 'links.terms must'],
  [{ ...MINIMAL, links: { terms: 'javascript:alert(1)' } }, 'links.terms must'],
  [{ ...MINIMAL, links: { imprint: 'https://example.com' } }, 'links.imprint is unknown'],
  [{ ...MINIMAL, colour: '#0f6b5c' }, 'colour is unknown; known are'],
  [[], 'the file must be an object'],
])('%j is refused: %s', (brand, error) => {
  const errors = errorsOf(brand)

  expect(
    errors.some((line) => line.startsWith(`harbour/brand.json: ${error}`)),
    errors.join('\n'),
  ).toBe(true)
})

test('every error is named at once, one line each', () => {
  expect(errorsOf({ name: '', accent: {}, links: { terms: 'no' } })).toHaveLength(4)
})

test('a missing folder and a file that is no JSON are named', () => {
  expect(errorsIn(join(folder, 'none'))).toEqual(['BRAND_FOLDER leads to no none/brand.json'])
  expect(errorsOf('{ "name": ')[0]).toMatch(/^harbour\/brand.json is not valid JSON: SyntaxError: /)
})

test.each([
  ['text.svg', 'no svg here', 'is not an SVG file'],
  ['bare.svg', '<svg xmlns="http://www.w3.org/2000/svg"/>', 'has no viewBox'],
  ['script.svg', SVG.replace('<rect', '<script>1</script><rect'), 'contains a script'],
  ['text.png', 'no png here', 'is not a PNG file'],
  ['large.svg', SVG + ' '.repeat(200_000), 'is larger than 200 KB'],
])('the picture %s is refused', (file, content, rule) => {
  writeFileSync(join(folder, file), content)

  expect(errorsOf({ ...MINIMAL, icon: file })[0]).toContain(`icon (${file}) ${rule}`)
})

/** Fields of the schema by their path, each with an example. */
const { picture, colour, link } = schema.$defs
const EXAMPLES: [string, { pattern: string; examples: string[] }, string[]][] = [
  ['icon', picture, ['logo.gif', '../logo.svg', '/logo.svg', 'a b.svg', '.svg']],
  ['accent', colour, ['#fff', 'red', '#0f6b5c00', '0f6b5c', '#0f6b5g']],
  ['links', link, ['http://example.com', 'example.com', 'javascript:alert(1)', 'https://a b']],
]

test.each(EXAMPLES)('an editor with the schema and the build agree on %s', (field, { pattern, examples }, wrong) => {
  const put = (value: string) => ({
    ...MINIMAL,
    ...(field === 'icon' && { icon: value }),
    ...(field === 'accent' && { accent: { ...ACCENT, light: value } }),
    ...(field === 'links' && { links: { terms: value } }),
  })
  const isRefused = (value: string) => errorsOf(put(value)).some((error) => error.includes(' must '))

  for (const value of [...examples, ...wrong])
    expect([value, !isRefused(value)]).toEqual([value, new RegExp(pattern).test(value)])
  for (const value of examples) expect(isRefused(value)).toBe(false)
})

test('the schema knows the fields that the build knows', () => {
  const known = errorsOf({ ...MINIMAL, x: 1, accent: { x: 1 }, links: { x: 1 }, logo: { x: 1 } })
    .flatMap((error) => /: (?:(\w+)\.)?x is unknown; known are (.*)/.exec(error) ?? [])
    .filter((_, index) => index % 3 !== 0)
  const { properties } = schema
  const names = (object: object) => Object.keys(object).join(', ')

  expect(known).toEqual([
    ...[undefined, names(properties)],
    ...['accent', names(properties.accent.properties)],
    ...['links', names(properties.links.properties)],
    ...['logo', names(properties.logo.properties)],
  ])
})

test('a picture is kept as its file', () => {
  const { logo } = brandOf({ ...MINIMAL, logo: { light: 'logo.svg' } })

  expect(readFileSync(logo?.light.path ?? '', 'utf8')).toBe(SVG)
})
