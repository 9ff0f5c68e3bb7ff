import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'
import { expect } from 'vitest'

/** A run leaves the pictures of the documentation as they are, unless asked to replace them. */
const isForDocumentation = Boolean(process.env.UPDATE_SCREENSHOT)

const repository = fileURLToPath(new URL('../../../', import.meta.url))
const scratch = join(repository, '.local', 'screenshots')
const folder = isForDocumentation ? join(repository, 'docs', 'screenshots') : scratch
mkdirSync(scratch, { recursive: true })
mkdirSync(folder, { recursive: true })

/** To look at; never kept in the repository. */
export const scratchPicture = (name: string): string => join(scratch, `${name}.png`)

/** A picture in docs/, or where a run that replaces none leaves its own. */
export function documentationPicture(name: string): string {
  return isForDocumentation ? join(repository, 'docs', `${name}.png`) : scratchPicture(name)
}

const WIDE = { width: 1280, height: 800 }
const NARROW = { width: 320, height: 640 }

/** Light, dark and narrow, of the whole page, which scrolls nowhere sideways. */
export async function takeScreenshots(page: Page, name: string): Promise<void> {
  const take = async (look: string) => {
    const path = join(folder, `${name}-${look}.png`)
    await page.screenshot({ path, fullPage: true })
    // A third of the size; pages have few colours.
    if (isForDocumentation) execFileSync('pngquant', ['--force', '--strip', '--output', path, '64', path])
  }
  await take('light')
  await page.emulateMedia({ colorScheme: 'dark' })
  await take('dark')
  await page.emulateMedia({ colorScheme: 'light' })
  await page.setViewportSize(NARROW)
  await take('narrow')
  expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0)
  await page.setViewportSize(WIDE)
}

/** The page of docs/screenshots: `sections` are a title and the names of its pictures. */
export function writeGallery(sections: readonly (readonly [string, readonly string[]])[]): void {
  if (!isForDocumentation) return
  const rows = (names: readonly string[]) =>
    names.map((name) => {
      const looks = ['light', 'dark', 'narrow'].map((look) => `![${name}, ${look}](${name}-${look}.png)`)
      return `| ${looks.join(' | ')} |`
    })
  const lines = sections.flatMap(([title, names]) => [
    `## ${title}`,
    '',
    '| light | dark | 320 px wide |',
    '|---|---|---|',
    ...rows(names),
    '',
  ])
  const head = ['# Every page', '', 'Taken by tests/browser/screenshots.test.ts, never by hand.', '']
  writeFileSync(join(folder, 'README.md'), [...head, ...lines].join('\n'))
}
