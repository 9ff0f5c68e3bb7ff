import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { authServerCall } from './auth-server-call.ts'

let root: string
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'call-'))
  mkdirSync(join(root, 'app'))
  writeFileSync(join(root, 'app', 'dump.sql'), '')
  writeFileSync(join(root, 'old.sql'), '')
})
afterAll(() => rmSync(root, { recursive: true }))

const call = (args: string[], name: 'import' | 'rehearse' = 'import') =>
  authServerCall({ name, args, folder: join(root, 'app'), isTerminal: false }).join(' ')

test('a container sees the folder of the caller, and names files from there', () => {
  const line = call(['--from', 'django', 'dump.sql'])
  expect(line).toContain(
    `--volume ${root}/app:/caller auth-migrate import --relative-to /caller --from django dump.sql`,
  )
  expect(line).toContain(' -T ')
})

test('a file that is elsewhere is read where it is, and only read', () => {
  const line = call(['--from', 'django', '../old.sql', '--report', '../new.jsonl'])
  expect(line).toContain(`--volume ${root}/old.sql:${root}/old.sql:ro`)
  expect(line).toMatch(new RegExp(`--from django ${root}/old.sql --report ../new.jsonl$`))
})

test('only a rehearsal gets the address of who may make a database', () => {
  expect([call([]), call([], 'rehearse')]).toEqual([
    expect.stringContaining(' auth-migrate import '),
    expect.stringContaining(' database-setup rehearse '),
  ])
})
