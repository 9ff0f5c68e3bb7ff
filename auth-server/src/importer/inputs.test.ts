import { expect, test } from 'vitest'
import { inputsOf } from './inputs.ts'
import { readOptions } from './options.ts'
import { SYSTEMS } from './systems/systems.ts'

function named(line: string): string[] {
  const wanted = readOptions(line.split(' '), SYSTEMS)
  if (wanted.act !== 'import') throw new Error('no import')
  return inputsOf(wanted.options).map((input) => (input.kind === 'file' ? `${input.name} ${input.holds}` : input.url))
}

test('several files are one export: each with a table, or all with users', () => {
  expect(named('--from nextauth dump.sql')).toEqual(['dump.sql users'])
  expect(named('--from nextauth old/users.csv old/accounts.csv.gz')).toEqual([
    'old/users.csv users',
    'old/accounts.csv.gz accounts',
  ])
  expect(named('--from keycloak a/realm-users-0.json a/realm-users-1.json')).toEqual([
    'a/realm-users-0.json users',
    'a/realm-users-1.json users',
  ])
  expect(named('--from auth0 1.ndjson 2.ndjson --passwords p.ndjson')).toEqual([
    '1.ndjson users',
    '2.ndjson users',
    'p.ndjson passwords',
  ])
  expect(named('--from django postgres://old/db')).toEqual(['postgres://old/db'])
})
