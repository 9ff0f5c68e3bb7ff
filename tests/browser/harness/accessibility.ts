import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { AxeResults, RunOptions } from 'axe-core'
import type { Page } from 'playwright-core'

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

const ALL_RULES: RunOptions = { resultTypes: ['violations'] }
/** The rules that can have another result in the other colour scheme. */
const COLOUR_RULES: RunOptions = { ...ALL_RULES, runOnly: ['color-contrast', 'link-in-text-block'] }

/** Many tests end on the same page: what axe has found clean once in this process is not checked again. */
const clean = new Set<string>()

/** What axe finds on the page as it is now, in both colour schemes. */
export async function findAccessibilityErrors(page: Page): Promise<string[]> {
  const state = await stateOf(page)
  if (clean.has(state)) return []
  await page.evaluate(axeSource)
  const errors = [...(await errorsIn(page, 'light', ALL_RULES)), ...(await errorsIn(page, 'dark', COLOUR_RULES))]
  if (errors.length === 0) clean.add(state)
  return errors
}

/** All that axe sees: markup, viewport, size of letters. Only ids and numbers may differ. */
async function stateOf(page: Page): Promise<string> {
  const [html, ...sizes] = await page.evaluate(() => [
    document.documentElement.outerHTML,
    innerWidth,
    innerHeight,
    devicePixelRatio,
    getComputedStyle(document.documentElement).fontSize,
  ])
  const uuid = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g
  return [String(html).replace(uuid, 'uuid').replace(/\d+/g, '0'), ...sizes].join('\n')
}

async function errorsIn(page: Page, colorScheme: 'light' | 'dark', options: RunOptions): Promise<string[]> {
  await page.emulateMedia({ colorScheme })
  const { violations } = await page.evaluate(
    (given) => (window as unknown as { axe: { run(options: RunOptions): Promise<AxeResults> } }).axe.run(given),
    options,
  )
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${colorScheme}: ${id}: ${html}\n${failureSummary}`),
  )
}
