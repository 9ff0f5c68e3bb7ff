import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { AuthServerCall } from '../stack.ts'
import { authServerCall } from './auth-server-call.ts'

let root: string
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'call-'))
  mkdirSync(join(root, 'app'))
  writeFileSync(join(root, 'app', 'dump.sql'), '')
  writeFileSync(join(root, 'old.sql'), '')
})
afterAll(() => rmSync(root, { recursive: true }))

const call = (args: string[], name: AuthServerCall['name'] = 'import') =>
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

test('only a rehearsal and the doctor get the address of who may make a database', () => {
  expect([call([]), call([], 'make-admin'), call([], 'rehearse'), call([], 'doctor')]).toEqual([
    expect.stringContaining(' auth-migrate import '),
    expect.stringContaining(' auth-migrate make-admin '),
    expect.stringContaining(' database-setup rehearse '),
    expect.stringContaining(' database-setup doctor --backend http://backend:8000 '),
  ])
})

test('a command without files sees no folder, and has its own user', () => {
  expect(authServerCall({ name: 'make-admin', args: ['ann@example.com'], isTerminal: false }).join(' ')).toBe(
    'run --rm --no-deps --quiet-pull -T auth-migrate make-admin ann@example.com',
  )
})
