import { expect, test } from 'vitest'
import { systemOf, usersOf } from '../../../test/export.ts'

const CSV = `Kunde;Post;Vorname;Nachname;Kennwort;Stand;Seit
17;a@example.com;Ada;Plain;sha1$salt$c40e5a5a1d1c1a0e1b1f1d1c1b1a191817161514;frei;2021-07-01 12:00:00
18;b@example.com;;;;gesperrt;2021-12-01 12:00:00
`
const MAPPING = {
  id: 'Kunde',
  email: 'Post',
  password: 'Kennwort',
  banned: { column: 'Stand', true: ['gesperrt'] },
  verified: { value: true },
  createdAt: { column: 'Seit', timeZone: 'Europe/Berlin' },
  hashes: 'werkzeug',
}

test('a mapping names columns, words for yes and no, values for all, and the zone of times', async () => {
  const [ada, bo] = await usersOf('csv', { files: [CSV], settings: { mapping: JSON.stringify(MAPPING) } })
  expect(ada).toMatchObject({
    oldId: '17',
    email: 'a@example.com',
    name: 'Ada Plain',
    emailVerified: true,
    banned: false,
  })
  expect(ada?.password).toMatchObject({ kind: 'digest', envelope: 'old:wrapped:werkzeug:sha1:salt' })
  expect(ada?.createdAt?.toISOString()).toBe('2021-07-01T10:00:00.000Z')
  expect(bo).toMatchObject({ name: null, banned: true, password: { kind: 'none' } })
  expect(bo?.createdAt?.toISOString()).toBe('2021-12-01T11:00:00.000Z')
})

test('without one the usual names are taken', async () => {
  const [ada] = await usersOf('csv', {
    files: ['User ID,E-Mail,Full Name,Active,Signup Date\n1,a@example.com,Ada,no,2021-03-04\n'],
  })
  expect(ada).toMatchObject({ oldId: '1', email: 'a@example.com', name: 'Ada', banned: true, emailVerified: null })
})

test.each([
  ['no JSON', '{', 'the file is no JSON'],
  ['a field that there is not', '{"mail": "x"}', 'mail is none of hashes, id, email'],
  ['no column', '{"email": 7}', 'email: is the name of a column'],
  ['an unknown zone', '{"createdAt": {"column": "x", "timeZone": "Mars"}}', 'createdAt'],
])('a mapping with %s is refused', (_what, mapping, problem) => {
  const problems = systemOf('csv').problems?.({
    table: undefined,
    legacyKey: undefined,
    hashConfig: undefined,
    mapping,
  })
  expect(problems?.join()).toContain(problem)
})

test('a column that the file has not is named, with those that it has', async () => {
  const mapping = JSON.stringify({ ...MAPPING, email: 'Mail' })
  await expect(usersOf('csv', { files: [CSV], settings: { mapping } })).rejects.toThrow(
    '--mapping names Mail, which users has not: its columns are Kunde, Post',
  )
})

test('--table takes a table that nothing else points to', async () => {
  const dump =
    'COPY x.people (id, email, secret) FROM stdin;\n1\ta@example.com\t\\N\n\\.\nCOPY x.users (id, email, password) FROM stdin;\n2\tb@example.com\t\\N\n\\.\n'
  const ids = async (table: string | undefined) =>
    (await usersOf('plain-bcrypt', { files: [dump], settings: { table } })).map(({ oldId }) => oldId)
  expect(await ids(undefined)).toEqual(['2'])
  expect(await ids('x.People')).toEqual(['1'])
})
