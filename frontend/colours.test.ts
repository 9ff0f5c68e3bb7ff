import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const folder = fileURLToPath(new URL('./src/', import.meta.url))
const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.css'))
const sheets = Object.fromEntries(files.map((name) => [name, readFileSync(folder + name, 'utf8')]))

/** Where each of the brand's colours may stand: brand/src/contrast.ts measures these pairs and no others. */
const USES: Record<string, RegExp> = {
  '--accent': /^(?:background|outline|border(?:-\w+)*-color|accent-color|text-decoration-color)$/,
  '--accent-strong': /^background$/,
  '--on-accent': /^color$/,
  '--accent-soft': /^background$/,
  '--accent-text': /^color$/,
  '--accent-text-strong': /^color$/,
}

test('a colour of the brand stands only where its contrast is measured', () => {
  const uses = Object.entries(sheets).flatMap(([file, css]) =>
    [...css.matchAll(/([\w-]+):[^;{}]*var\((--(?:on-)?accent[\w-]*)\)/g)].map(([, property = '', name = '']) => ({
      file,
      property,
      name,
    })),
  )

  expect(uses.length).toBeGreaterThan(10)
  expect(uses.filter(({ name, property }) => !USES[name]?.test(property))).toEqual([])
  expect(Object.keys(USES).filter((name) => !uses.some((use) => use.name === name))).toEqual([])
})

test('text on the accent has the colour for it', () => {
  const rules = Object.values(sheets).flatMap((css) => css.match(/[^{}]+\{[^{}]*\}/g) ?? [])
  const filled = rules.filter((rule) => /background: var\(--accent(?:-strong)?\)/.test(rule))

  expect(filled.length).toBeGreaterThan(1)
  for (const rule of filled) expect(rule).toContain('color: var(--on-accent)')
})

test('no style sheet has a colour of its own for the accent', () => {
  const tokens = readFileSync(new URL('./src/styles/tokens.css', import.meta.url), 'utf8')

  expect(tokens).not.toMatch(/--(?:on-)?accent[\w-]*:/)
})
