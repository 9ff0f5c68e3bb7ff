import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createOnce } from '../create-once.ts'
import { appendVariables, fillIn, missingSecrets, parseEnvLines, readEnvFile } from './env-file.ts'

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

test('the key that encrypts has a version', () => {
  expect(fillIn('ENCRYPTION_KEYS=\n')).toMatch(/^ENCRYPTION_KEYS=1:[0-9a-f]{64}\n$/)
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

test.each([
  ['a byte order mark', '\uFEFFA=1\nB=2', { A: '1', B: '2' }],
  ['the line ends of Windows', 'A=1\r\nB=\r\nC=3\r\n', { A: '1', B: '', C: '3' }],
  ['export', 'export A=1\nexport  B = 2\n', { A: '1', B: '2' }],
  ['spaces around', '  A = 1  \n\tB=2\t', { A: '1', B: '2' }],
  ['quotes', 'A="x y"\nB=\'# no comment\'\nC=`"` # why', { A: 'x y', B: '# no comment', C: '"' }],
  ['comments', '# A=0\nA=1 # said why\nB=#\nC=a#b', { A: '1', B: '', C: 'a#b' }],
  ['the later of two lines', 'A=1\nA=2', { A: '2' }],
  ['= in a value', 'A=postgres://u:p@h/d?sslmode=require', { A: 'postgres://u:p@h/d?sslmode=require' }],
])('%s: read as meant', (_what, text, values) => {
  expect(parseEnvLines(text)).toEqual({ values, errors: [] })
})

test.each([
  ['no assignment', 'just words\nA=1', 'line 1 is not NAME=value'],
  ['YAML', 'A=1\nSECRET: canary', 'line 2 is not NAME=value'],
  ['a name with a dash', 'A=1\n\nMY-NAME=canary', 'line 3 is not NAME=value'],
  ['quotes left open', 'B="canary\nA=1', 'line 1 sets B to a value whose quotes do not end'],
  ['text after the quotes', 'A=1\nB="canary"y', 'line 2 sets B'],
])('%s: the line is named, not its value, and no other line is lost', (_what, text, error) => {
  const read = parseEnvLines(text)

  expect(read.errors).toEqual([expect.stringContaining(error)])
  expect(read.errors.join()).not.toContain('canary')
  expect(read.values.A).toBe('1')
})

test('UTF-16 is named, not read as rubbish', () => {
  expect(parseEnvLines(Buffer.from('A=1\n', 'utf16le').toString('utf8')).errors).toEqual([
    'is not UTF-8 text: save it as UTF-8',
  ])
})
