import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { checks } from '../check/checks.ts'
import { environment } from '../env.ts'
import { inspectSettings } from './settings.ts'
import { mergeErrors, stackErrors } from './stack-errors.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'brand-'))
  const brand = { name: 'Harbour', accent: { light: '#ffd400', dark: '#63cdb3' } }
  writeFileSync(join(folder, 'brand.json'), JSON.stringify(brand))
})
afterEach(() => {
  delete environment.BRAND_FOLDER
  rmSync(folder, { recursive: true })
})

function brandErrorsOf(BRAND_FOLDER: string): string[] {
  const { settings } = inspectSettings({ BRAND_FOLDER })
  return stackErrors(settings, 'embedded').filter((error) => /brand/i.test(error))
}

test('the brand of the repository can be used', () => {
  expect(brandErrorsOf('')).toEqual([])
  expect(brandErrorsOf('brand')).toEqual([])
})

test('make up and make check refuse a brand with too little contrast, in the same words', async () => {
  const errors = brandErrorsOf(folder)
  expect(errors.length).toBeGreaterThan(0)
  expect(errors[0]).toMatch(
    `${basename(folder)}/brand.json: accent.light: accent #ffd400 has 1.30:1 on ground #f5f4f1, 1.70 less than WCAG AA needs (3:1)`,
  )

  environment.BRAND_FOLDER = folder
  const outcome = await checks.find(({ name }) => name === 'the brand')?.run()

  expect(outcome).toEqual({ code: errors.length, output: errors.join('\n') })
})

test('a folder without a brand is named once, whoever says so', () => {
  const errors = brandErrorsOf(join(folder, 'none'))

  expect(errors).toEqual(['BRAND_FOLDER leads to no none/brand.json'])
  expect(mergeErrors([errors, errors])).toEqual(errors)
})
