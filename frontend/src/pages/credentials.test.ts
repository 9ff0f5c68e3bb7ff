import { expect, test } from 'vitest'
import { InvalidForm } from '../components/form/failure.ts'
import { readSignIn, readSignUp } from './credentials.ts'

function formOf(fields: Record<string, string>): FormData {
  const form = new FormData()
  for (const [name, value] of Object.entries(fields)) form.set(name, value)
  return form
}

function problemsOf(read: () => unknown): string[] {
  try {
    read()
    return []
  } catch (error) {
    if (!(error instanceof InvalidForm)) throw error
    return error.issues.map(({ field, text }) => `${field}: ${text}`)
  }
}

const good = { name: 'Ada', email: 'ada@example.com', password: 'correct horse' }

test('an empty sign-up names every field', () => {
  expect(problemsOf(() => readSignUp(formOf({ name: ' ', email: '', password: '' })))).toEqual([
    'name: nameMissing',
    'email: emailMissing',
    'password: passwordMissing',
  ])
})

test.each([
  ['1234567', ['password: passwordShort']],
  ['12345678', []],
  ['x'.repeat(128), []],
  ['x'.repeat(129), ['password: passwordLong']],
  ['        ', []],
  ['пароль😀', []],
])('the new password %j', (password, problems) => {
  expect(problemsOf(() => readSignUp(formOf({ ...good, password })))).toEqual(problems)
})

test.each(['ada', 'ada@', '@example.com', 'ada@example', 'a b@example.com', 'ada@@example.com'])(
  'the e-mail %j is not one',
  (email) => {
    expect(problemsOf(() => readSignIn(formOf({ ...good, email })))).toEqual(['email: emailInvalid'])
  },
)

test('an old, short password can still be signed in with', () => {
  expect(problemsOf(() => readSignIn(formOf({ ...good, password: 'old' })))).toEqual([])
})

test('spaces around the e-mail go, those of the password stay', () => {
  const read = readSignIn(formOf({ email: ' ada@example.com ', password: ' secret ' }))
  expect(read).toEqual({ email: 'ada@example.com', password: ' secret ' })
})
