import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Pool } from 'pg'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { authOptions } from './auth/better-auth.ts'
import { readEnv } from './env.ts'

const own = fileURLToPath(new URL('../../brand', import.meta.url))

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'brand-'))
  cpSync(own, folder, { recursive: true })
})
afterEach(() => rmSync(folder, { recursive: true }))

const variables = (BRAND_FOLDER: string) => ({
  NODE_ENV: 'development',
  BETTER_AUTH_SECRET: 'short is fine here',
  INTERNAL_TOKEN: 'also-short',
  DATABASE_URL: 'postgres://auth:pw@localhost:5432/app',
  BRAND_FOLDER,
})

function write(brand: object): void {
  writeFileSync(join(folder, 'brand.json'), JSON.stringify(brand))
}

test('better-auth is named after the brand', () => {
  write({ name: 'Harbour', accent: { light: '#0f6b5c', dark: '#63cdb3' } })
  const pool = new Pool()

  expect(authOptions({ env: readEnv(variables(folder)), pool }).appName).toBe('Harbour')
})

test('the brand of the repository is the default, and a path may be given from the repository', () => {
  expect(readEnv(variables('')).brand).toEqual(readEnv(variables(own)).brand)
  expect(readEnv(variables('brand')).brand).toEqual(readEnv(variables(own)).brand)
})

test('a brand that cannot be used is named with the other errors', () => {
  write({ name: '', accent: { light: '#ffd400', dark: '#63cdb3' } })
  const source = { ...variables(folder), AUTH_PORT: 'x' }

  expect(() => readEnv(source)).toThrow(/AUTH_PORT must/)
  expect(() => readEnv(source)).toThrow(/\/brand\.json: name must be/)
  expect(() => readEnv(source)).toThrow(/\/brand\.json: accent\.light: accent #ffd400 has/)
})
