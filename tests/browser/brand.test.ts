import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect } from 'vitest'
import { readBrand } from '../../brand/src/read.ts'
import { brand } from './harness/brand.ts'
import { buildSite, type Site } from './harness/built-site.ts'
import { atPage, homeLoaded, openUserMenu } from './harness/forms.ts'
import { holdRequests } from './harness/network.ts'
import { documentationPicture } from './harness/pictures.ts'
import { stack } from './harness/stack.ts'
import { test } from './harness/test.ts'
import { newUser, signUpWithoutPage } from './harness/users.ts'

const repository = fileURLToPath(new URL('../../', import.meta.url))
const secondFolder = join(repository, 'docs', 'second-brand')
const second = readBrand(secondFolder)
const picture = documentationPicture('second-brand')

const names = {
  support: ['Help', 'Hilfe'],
  terms: ['Terms', 'Nutzungsbedingungen'],
  privacy: ['Privacy', 'Datenschutz'],
}
type LinkName = keyof typeof names

let plainFolder: string
let secondSite: Site
let plainSite: Site
beforeAll(async () => {
  plainFolder = mkdtempSync(join(tmpdir(), 'brand-'))
  // All that a brand must have.
  const plain = { name: 'Harbour & Söhne', accent: { light: '#b25a00', dark: '#ffd400' } }
  writeFileSync(join(plainFolder, 'brand.json'), JSON.stringify(plain))
  secondSite = await buildSite(secondFolder)
  plainSite = await buildSite(plainFolder)
}, 120_000)
afterAll(() => {
  secondSite?.close()
  plainSite?.close()
  rmSync(plainFolder, { recursive: true })
})

const pages = ['/sign-in', '/sign-up', '/no/such/page']

test.for(pages)('%s shows the links that the brand has, and no others', async (path, { newVisitor }) => {
  const { page, expectStatus } = await newVisitor()
  expectStatus(404, '/no/such/page')
  await page.goto(stack.frontendUrl + path)
  await page.getByRole('heading', { level: 1 }).waitFor()

  expect(await linksOf(page)).toEqual(brand.links)
})

test('the pages have the name and the colours of the brand', async ({ visit }) => {
  const { page } = await visit('/sign-in')
  await atPage(page, 'Sign in')

  expect(await page.title()).toBe(`Sign in · ${brand.name}`)
  expect(await head(page)).toEqual({
    name: brand.name,
    light: brand.colours.light.accent,
    dark: brand.colours.dark.accent,
  })
  expect(await buttonColours(page)).toEqual(brand.colours.light)
})

test('the icon is a picture of the own origin, with the security headers', async ({ visit }) => {
  const { page } = await visit('/sign-in')
  const href = (await page.locator('link[rel="icon"]').getAttribute('href')) ?? ''

  const response = await fetch(stack.frontendUrl + href)

  expect(response.status).toBe(200)
  expect(response.headers.get('content-type')).toMatch(/^image\//)
  expect(response.headers.get('cache-control')).toContain('immutable')
  expect(response.headers.get('content-security-policy')).toContain("default-src 'self'")
})

test('another brand changes name, colours and links on every page', async ({ newVisitor }) => {
  const { page } = await newVisitor()
  await page.goto(`${secondSite.url}/sign-up`)
  await atPage(page, 'Create your account')

  expect(await page.title()).toBe(`Create your account · ${second.name}`)
  expect(await head(page)).toEqual({
    name: second.name,
    light: second.colours.light.accent,
    dark: second.colours.dark.accent,
  })
  expect(await linksOf(page)).toEqual(second.links)
  expect(await buttonColours(page, 'Create account')).toEqual(second.colours.light)
  await page.emulateMedia({ colorScheme: 'dark' })
  expect(await buttonColours(page, 'Create account')).toEqual(second.colours.dark)
  expect(await page.getByText(brand.name).count()).toBe(0)
})

test('the links have the language of the page, and a page that they open leaves this one as it is', async ({
  newVisitor,
}) => {
  const { page } = await newVisitor({ locale: 'de-AT' })
  await page.goto(`${secondSite.url}/sign-up`)
  await atPage(page, 'Konto erstellen')

  expect(await linksOf(page, 1)).toEqual(second.links)
  const terms = page.getByRole('link', { name: 'Nutzungsbedingungen (öffnet sich in einem neuen Tab)' })
  expect(await terms.getAttribute('target')).toBe('_blank')
  const support = page.getByRole('link', { name: 'Hilfe', exact: true })
  expect(await support.getAttribute('target')).toBe(null)
})

test('a wordmark stands for the name and follows the colour scheme', async ({ newVisitor }) => {
  const { page } = await newVisitor()
  await page.goto(`${secondSite.url}/sign-in`)
  const wordmark = page.getByRole('banner').getByRole('img', { name: second.name })
  const source = () =>
    wordmark.evaluate(({ complete, naturalWidth, currentSrc }: HTMLImageElement) =>
      complete && naturalWidth > 0 ? currentSrc : '',
    )
  await expect.poll(source).toMatch(/\/assets\/logo-/)
  const light = await source()

  await page.emulateMedia({ colorScheme: 'dark' })

  await expect.poll(async () => ['', light].includes(await source())).toBe(false)
  expect(await page.getByRole('banner').textContent()).toBe('')
})

test('nothing moves when the logo arrives', async ({ newVisitor }) => {
  const { page } = await newVisitor()
  const logo = await holdRequests(page, 'GET', '/assets/logo-*')
  // The load event waits for the logo.
  await page.goto(`${secondSite.url}/sign-in`, { waitUntil: 'commit' })
  await atPage(page, 'Sign in')
  const image = page.getByRole('banner').locator('img')
  const before = await image.boundingBox()

  logo.release()
  await page.waitForLoadState('load')

  expect(await image.boundingBox()).toEqual(before)
  expect(before?.height).toBe(32)
  expect(before?.width).toBeCloseTo((32 * (second.logo?.light.width ?? 0)) / (second.logo?.light.height ?? 1), 0)
})

test('a brand with nothing but a name and an accent is shown by its name alone', async ({ newVisitor }) => {
  const { page } = await newVisitor()
  await page.goto(`${plainSite.url}/sign-in`)
  await atPage(page, 'Sign in')

  expect(await page.getByRole('banner').textContent()).toBe('Harbour & Söhne')
  expect(await page.getByRole('banner').locator('img').count()).toBe(0)
  expect(await page.title()).toBe('Sign in · Harbour & Söhne')
  expect(await linksOf(page)).toEqual({})
})

test('a signed-in page has the other brand too', async ({ newVisitor }) => {
  const { page } = await newVisitor({ viewport: { width: 320, height: 640 } })
  await signUpWithoutPage(page, newUser('Ada Lovelace'))
  await page.goto(secondSite.url)
  await homeLoaded(page)
  await openUserMenu(page)

  expect(await page.title()).toBe(`Home · ${second.name}`)
  expect(await linksOf(page)).toEqual(second.links)
  expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBe(0)
})

test('the documentation shows another brand, light and dark', async ({ newVisitor }) => {
  const shots: string[] = []
  for (const colorScheme of ['light', 'dark'] as const) {
    const { page } = await newVisitor({ viewport: { width: 480, height: 620 }, deviceScaleFactor: 2, colorScheme })
    await page.goto(`${secondSite.url}/sign-in`)
    await atPage(page, 'Sign in')
    await expect.poll(() => page.getByRole('img').evaluate((image: HTMLImageElement) => image.naturalWidth)).not.toBe(0)
    shots.push((await page.screenshot()).toString('base64'))
  }
  const { page } = await newVisitor({ viewport: { width: 960, height: 620 }, deviceScaleFactor: 2 })
  const images = shots.map((shot) => `<img width="480" height="620" alt="" src="data:image/png;base64,${shot}">`)
  await page.setContent(`<body style="margin: 0; display: flex">${images.join('')}</body>`)

  await page.screenshot({ path: picture })

  expect((await readFile(picture)).length).toBeLessThan(300_000)
})

/** The addresses in the foot of the page, by what they are for. `language`: 0 English, 1 German. */
async function linksOf(page: Page, language = 0): Promise<Partial<Record<LinkName, string>>> {
  const links = await page
    .getByRole('contentinfo')
    .getByRole('link')
    .evaluateAll((elements) =>
      elements.map((element) => [element.textContent ?? '', element.getAttribute('href') ?? '']),
    )
  const nameOf = (text: string) =>
    (Object.keys(names) as LinkName[]).find((name) => text.startsWith(names[name][language] ?? '?')) ?? text
  return Object.fromEntries(links.map(([text = '', href = '']) => [nameOf(text), href]))
}

function head(page: Page) {
  return page.evaluate(() => {
    const content = (selector: string) => document.querySelector(selector)?.getAttribute('content')
    return {
      name: content('meta[name="application-name"]'),
      light: content('meta[name="theme-color"][media*="light"]'),
      dark: content('meta[name="theme-color"][media*="dark"]'),
    }
  })
}

/** What the brand says of colours, as the page shows it. */
async function buttonColours(page: Page, name = 'Sign in') {
  const submit = page.getByRole('button', { name, exact: true })
  const filled = await submit.evaluate((element) => {
    const { backgroundColor, color } = getComputedStyle(element)
    return { accent: backgroundColor, 'on-accent': color }
  })
  const link = page.getByRole('main').getByRole('link').first()
  const text = await link.evaluate((element) => getComputedStyle(element).color)
  const others = await page.evaluate(() =>
    Object.fromEntries(
      ['accent-strong', 'accent-soft', 'accent-text-strong'].map((property) => {
        const probe = document.createElement('i')
        probe.style.color = `var(--${property})`
        document.body.append(probe)
        const { color } = getComputedStyle(probe)
        probe.remove()
        return [property, color]
      }),
    ),
  )
  const all = { ...filled, 'accent-text': text, ...others }
  return Object.fromEntries(Object.entries(all).map(([property, colour]) => [property, hex(colour)]))
}

function hex(colour: string): string {
  const channels = colour.match(/\d+/g)?.slice(0, 3) ?? []
  return `#${channels.map((channel) => Number(channel).toString(16).padStart(2, '0')).join('')}`
}
