import { expect, test } from 'vitest'
import { userFieldsOf } from './env-user-fields.ts'

const read = (fields: unknown, more: Record<string, string> = {}) =>
  userFieldsOf({ AUTH_USER_FIELDS: JSON.stringify(fields), ...more })

test('without the setting there are none', () => {
  expect(userFieldsOf({})).toEqual({ value: [], errors: [] })
})

test('what is left out of a field is as closed as can be', () => {
  expect(read([{ name: 'plan', type: 'string' }])).toEqual({
    value: [
      {
        ...{ name: 'plan', type: 'string', required: false, unique: false, maxLength: 255 },
        ...{ signUp: false, update: false, services: false },
      },
    ],
    errors: [],
  })
})

test.each([
  [
    'a text that is no JSON',
    undefined,
    'AUTH_USER_FIELDS must be a JSON list of fields, or the path of a file with one',
  ],
  [
    'an unknown type',
    [{ name: 'age', type: 'int' }],
    'AUTH_USER_FIELDS age type: must be string, number, boolean, date or json',
  ],
  ['an unknown property', [{ name: 'age', type: 'number', visible: true }], 'Unrecognized key: "visible"'],
  ['a built-in name', [{ name: 'email', type: 'string' }], 'AUTH_USER_FIELDS email: is a name that a user has already'],
  ['a built-in name in capitals', [{ name: 'ROLE', type: 'string' }], 'is a name that a user has already'],
  ['a name of a request', [{ name: 'password', type: 'string' }], 'is a name that a user has already'],
  ['a name of every object', [{ name: 'constructor', type: 'string' }], 'is a name that a user has already'],
  ['a column of every table', [{ name: 'xmin', type: 'string' }], 'is a column that PostgreSQL has in every table'],
  ['a name with a quote', [{ name: 'a"b', type: 'string' }], 'a name has letters, digits and _ only'],
  ['a name of 64 letters', [{ name: 'x'.repeat(64), type: 'string' }], 'at most 63'],
  [
    'one name twice',
    [
      { name: 'a', type: 'string' },
      { name: 'A', type: 'json' },
    ],
    'AUTH_USER_FIELDS a: is there twice',
  ],
  [
    'a default of another type',
    [{ name: 'age', type: 'number', default: '1' }],
    'AUTH_USER_FIELDS age: its default is no number',
  ],
  [
    'a default that is too long',
    [{ name: 'a', type: 'string', maxLength: 3, default: 'abcd' }],
    'its default is no string of at most 3 characters',
  ],
  [
    'a default with half a character',
    [{ name: 'a', type: 'string', default: 'x\ud800' }],
    'its default is no string of at most 255 characters',
  ],
  ...['\u0000', '\udc00'].map((half): [string, unknown, string] => [
    'a default in JSON with what PostgreSQL cannot store',
    [{ name: 'a', type: 'json', default: { key: [`a${half}`] } }],
    'its default is no JSON object',
  ]),
  [
    'a default that is no date',
    [{ name: 'a', type: 'date', default: 'soon' }],
    'its default is no date in ISO 8601 of the years 1 to 9999, or now',
  ],
  ...['0000-01-01T00:00:00Z', '0001-01-01T00:00:00+01:00', '9999-12-31T23:59:59-01:00'].map(
    (date): [string, unknown, string] => [
      `a default of ${date}, which PostgreSQL writes with another year`,
      [{ name: 'a', type: 'date', default: date }],
      'its default is no date in ISO 8601 of the years 1 to 9999, or now',
    ],
  ),
  [
    'a required field nobody sets',
    [{ name: 'a', type: 'string', required: true }],
    'is required, so it needs a default, or signUp',
  ],
  [
    'a unique field with a default',
    [{ name: 'a', type: 'string', unique: true, default: 'x' }],
    'a unique field has no default',
  ],
  ['a unique JSON', [{ name: 'a', type: 'json', unique: true }], 'only a string or a number can be unique'],
  [
    'more than a check can return',
    Array.from({ length: 5 }, (_, n) => ({ name: `j${n}`, type: 'json', services: true })),
    'what services see of a user could have',
  ],
])('%s is refused', (_what, fields, error) => {
  const { errors } = fields === undefined ? userFieldsOf({ AUTH_USER_FIELDS: '[{' }) : read(fields)
  expect(errors.join('\n')).toContain(error)
})

test('a JSON may have the text that such a character would be written with', () => {
  expect(read([{ name: 'a', type: 'json', default: { key: '\\u0000 \u{1f600}' } }]).errors).toEqual([])
})

test('the first and the last moment that ISO 8601 writes in four digits are dates', () => {
  const fields = ['0001-01-01T00:00:00Z', '9999-12-31T23:59:59.999Z', 'now'].map((date, n) => ({
    ...{ name: `at${n}`, type: 'date', default: date },
  }))
  expect(read(fields).errors).toEqual([])
})

test('a required field needs a default where users come by a provider, who are not asked for it', () => {
  const fields = [{ name: 'company', type: 'string', required: true, signUp: true }]
  expect(read(fields).errors).toEqual([])
  expect(read(fields, { GITHUB_CLIENT_ID: 'x' }).errors).toEqual([
    'AUTH_USER_FIELDS company: is required, so it needs a default: who comes by GITHUB_CLIENT_ID is not asked for it',
  ])
})
