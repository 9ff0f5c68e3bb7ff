import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { readBrand } from '../../brand/src/read.ts'
import { scratchPicture } from './harness/pictures.ts'
import { stack } from './harness/stack.ts'
import { test } from './harness/test.ts'

/** Of brand/ itself, whatever brand the stack's pages have. */
const { colours } = readBrand(fileURLToPath(new URL('../../brand', import.meta.url)))
const grounds = { light: 'rgb(245, 244, 241)', dark: 'rgb(20, 21, 18)' }

test.for([
  ['light', 1280],
  ['dark', 1280],
  ['light', 320],
  ['dark', 320],
] as const)(
  'the API’s documentation has the colours of the product: %s, %i px',
  async ([colorScheme, width], { browser }) => {
    // Not a page of ours below the frame: axe's rules are Swagger UI's to keep.
    const context = await browser.newContext({ colorScheme, viewport: { width, height: 900 } })
    const page = await context.newPage()
    const messages: string[] = []
    page.on('console', (message) => messages.push(message.text()))
    page.on('pageerror', (error) => messages.push(error.message))

    await page.goto(stack.apiUrl)

    expect(new URL(page.url()).pathname).toBe('/docs')
    await page.getByText('Show my profile').waitFor()
    await page.getByRole('heading', { name: 'Get a token' }).waitFor()
    expect(await groundOf(page)).toBe(grounds[colorScheme])
    expect(await accentOf(page)).toBe(rgbOf(colours[colorScheme].accent))
    expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0)
    const path = scratchPicture(`docs-${colorScheme}-${width}`)
    await page.screenshot({ path, fullPage: true })

    await page.emulateMedia({ colorScheme: colorScheme === 'dark' ? 'light' : 'dark' })
    await expect.poll(() => groundOf(page)).toBe(grounds[colorScheme === 'dark' ? 'light' : 'dark'])
    expect(messages).toEqual([])
    await context.close()
  },
)

const accentOf = (page: Page) =>
  page
    .locator('.opblock-get .opblock-summary-method')
    .first()
    .evaluate((element) => getComputedStyle(element).backgroundColor)

/** `#0f6b5c` as the browser writes it. */
const rgbOf = (hex: string) => `rgb(${[1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16)).join(', ')})`

const groundOf = (page: Page) =>
  page
    .locator('.swagger-ui')
    .first()
    .evaluate((element) => {
      const own = getComputedStyle(element).backgroundColor
      return own === 'rgba(0, 0, 0, 0)' ? getComputedStyle(document.documentElement).backgroundColor : own
    })
