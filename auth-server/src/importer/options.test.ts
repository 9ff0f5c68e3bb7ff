import { expect, test } from 'vitest'
import { readOptions } from './options.ts'
import type { System } from './system.ts'

const system = (name: string, takes: System['takes'] = []): System => ({
  ...{ name, title: name, exports: 'a file', takes },
  role: () => null,
  user: () => {
    throw new Error('nothing is read here')
  },
})
const SYSTEMS = [system('django'), system('auth0', ['passwords']), system('devise', ['legacy-key', 'table'])]
const read = (line: string) => readOptions(line.split(' ').filter(Boolean), SYSTEMS)

test('without --apply it is a dry run that stops at duplicates', () => {
  expect(read('--from django dump.sql')).toMatchObject({
    act: 'import',
    options: { from: 'dump.sql', source: 'django', isApplied: false, duplicates: 'stop', idPrefix: '', files: {} },
  })
})

test('every option is read', () => {
  const line = `--apply --yes --from=auth0 users.ndjson --duplicates newest --link --verified none --admins --allow-weak
    --id-prefix shop- --source old_shop --report r.csv --passwords p.ndjson --relative-to x`.replaceAll('\n', ' ')
  expect(read(line)).toMatchObject({
    act: 'import',
    options: {
      ...{ isApplied: true, isSure: true, duplicates: 'newest', isLinking: true, verified: 'none' },
      ...{ makesAdmins: true, takesWeak: true, idPrefix: 'shop-', source: 'old_shop', report: 'r.csv', folder: 'x' },
      files: { passwords: 'p.ndjson' },
    },
  })
})

test('runs are listed and undone by their number', () => {
  expect([
    read('--relative-to /x --runs'),
    read('--undo 12'),
    read('--yes --undo=3 --relative-to /x'),
    read('--help'),
    read(''),
  ]).toEqual([
    { act: 'runs' },
    { act: 'undo', run: 12, isSure: false },
    { act: 'undo', run: 3, isSure: true },
    { act: 'help' },
    { act: 'help' },
  ])
})

test.each([
  ['dump.sql', 'known are django, auth0, devise'],
  ['--from dajngo dump.sql', '--from dajngo: no such system'],
  ['--from django', 'name the export'],
  ['--from django postgres://old/db b.sql', 'a database stands alone'],
  ['--from django a.sql --aply', "Unknown option '--aply'"],
  ['--from django a.sql --apply=yes', "Option '--apply' does not take an argument"],
  ['--from django a.sql --duplicates', "Option '--duplicates <value>' argument missing"],
  ['--from django a.sql --duplicates merge', '--duplicates: stop, skip, newest; not merge'],
  ['--from django a.sql --verified yes', '--verified: all, none; not yes'],
  ['--from django a.sql --passwords b', '--passwords has no meaning for django'],
  ['--from django a.sql --source Old/Shop', '--source: a name'],
  ['--from django a.sql --id-prefix a:b', '--id-prefix: letters'],
  ['--from devise a.sql --legacy-key 5', '--legacy-key: 1, 2, 3 or 4'],
  ['--undo x', '--undo: the number of a run'],
  ['--undo 1 --apply', '--undo stands alone'],
  ['--runs --apply', '--runs stands alone'],
])('%s: %s', (line, message) => {
  expect(() => read(line)).toThrow(message)
})
