import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect } from 'vitest'
import { readBrand } from '../../brand/src/read.ts'
import type { Site } from './harness/built-site.ts'
import { atPage, signUp } from './harness/forms.ts'
import { startServedSite } from './harness/served-site.ts'
import { test } from './harness/test.ts'
import { newUser } from './harness/users.ts'

const folder = fileURLToPath(new URL('../../docs/second-brand', import.meta.url))
const brand = readBrand(folder)

let site: Site
beforeAll(async () => {
  site = await startServedSite(folder)
}, 120_000)
afterAll(() => site.close())

test('pages from the auth server have its name, colours and logo, light and dark', async ({ newVisitor }) => {
  const { page } = await newVisitor()
  await page.goto(`${site.url}/sign-in`)
  await atPage(page, 'Sign in')

  expect(await page.title()).toBe(`Sign in · ${brand.name}`)
  await expect.poll(() => logo(page)).toMatch(/\/assets\/logo-/)
  const light = await logo(page)
  expect(await submitColour(page)).toBe(rgb(brand.colours.light.accent))
  await page.emulateMedia({ colorScheme: 'dark' })
  expect(await submitColour(page)).toBe(rgb(brand.colours.dark.accent))
  await expect.poll(async () => ['', light].includes(await logo(page))).toBe(false)
})

test('whoever signs up there still sees it afterwards', async ({ newVisitor }) => {
  const { page } = await newVisitor()
  await page.goto(`${site.url}/sign-up`)
  await signUp(page, newUser())
  await atPage(page, /^Hello/)

  expect(await page.title()).toBe(`Home · ${brand.name}`)
})

/** The address of the logo that is shown, once it has loaded. */
const logo = (page: Page) =>
  page
    .getByRole('banner')
    .getByRole('img', { name: brand.name })
    .evaluate(({ complete, naturalWidth, currentSrc }: HTMLImageElement) =>
      complete && naturalWidth > 0 ? currentSrc : '',
    )

const submitColour = (page: Page) =>
  page
    .getByRole('button', { name: 'Sign in', exact: true })
    .evaluate((element) => getComputedStyle(element).backgroundColor)

const rgb = (colour: string) =>
  `rgb(${[1, 3, 5].map((start) => Number.parseInt(colour.slice(start, start + 2), 16)).join(', ')})`
