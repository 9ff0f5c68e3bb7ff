import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { appendVariables, createOnce, fillIn, missingSecrets, readEnvFile } from './env-file.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'env-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

test('only its owner can read the file', () => {
  const path = join(folder, '.env')

  expect(createOnce(path, 'A=1\n')).toBe(true)

  expect(statSync(path).mode & 0o777).toBe(0o600)
  expect(readdirSync(folder)).toEqual(['.env'])
})

test('a file that is there is never written over', () => {
  const path = join(folder, '.env')
  writeFileSync(path, 'MINE=1\n')

  expect(createOnce(path, 'A=1\n')).toBe(false)

  expect(readFileSync(path, 'utf8')).toBe('MINE=1\n')
})

test('every secret is random and nothing else changes', () => {
  const example = '# keep\nINTERNAL_TOKEN=\nBETTER_AUTH_SECRET=\nAUTH_PORT=4000\nPUBLIC_URL=\n'
  const [first, second] = [fillIn(example), fillIn(example)]

  expect(first).toMatch(/^# keep\nINTERNAL_TOKEN=\w{64}\nBETTER_AUTH_SECRET=\w{64}\nAUTH_PORT=4000\nPUBLIC_URL=\n$/)
  expect(first).not.toBe(second)
})

test('a secret that the example names stays, and an override wins', () => {
  expect(fillIn('INTERNAL_TOKEN=given\nAUTH_PORT=4000\n', { AUTH_PORT: '1' })).toBe(
    'INTERNAL_TOKEN=given\nAUTH_PORT=1\n',
  )
})

test('a secret that a newer example has is appended at random, and no line that is there changes', () => {
  const path = join(folder, '.env')
  createOnce(path, 'INTERNAL_TOKEN=mine\nBACKEND_DB_PASSWORD=\nA=1')
  const example = { INTERNAL_TOKEN: '', BACKEND_DB_PASSWORD: '', BACKEND_OWNER_DB_PASSWORD: '', PUBLIC_URL: '' }

  appendVariables(path, missingSecrets(example, readEnvFile(path).values))

  expect(readFileSync(path, 'utf8')).toMatch(
    /^INTERNAL_TOKEN=mine\nBACKEND_DB_PASSWORD=\nA=1\nBACKEND_OWNER_DB_PASSWORD=\w{64}\n$/,
  )
  expect(statSync(path).mode & 0o777).toBe(0o600)
  expect(missingSecrets(example, readEnvFile(path).values)).toEqual({})
})
