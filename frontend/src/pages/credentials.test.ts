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

test('an empty sign-up names every field that it needs', () => {
  expect(problemsOf(() => readSignUp(formOf({ name: ' ', email: '', password: '' })))).toEqual([
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
  ['пароль1😀', []],
  ['пароль😀', ['password: passwordShort']],
  ['😀'.repeat(128), []],
  ['😀'.repeat(129), ['password: passwordLong']],
])('the new password %j', (password, problems) => {
  expect(problemsOf(() => readSignUp(formOf({ ...good, password })))).toEqual(problems)
})

test.each(['ada', 'ada@', '@example.com', 'ada@example', 'a b@example.com', 'ada@@example.com'])(
  'the e-mail %j is not one',
  (email) => {
    expect(problemsOf(() => readSignIn(formOf({ ...good, email })))).toEqual(['email: emailInvalid'])
  },
)

test.each([
  ['', []],
  ['n'.repeat(255), []],
  ['😀'.repeat(255), []],
  ['👩‍👩‍👧', []],
  ['김', []],
  ['n'.repeat(256), ['name: nameTooLong']],
  ['\u200b', ['name: nameInvisible']],
  ['\u00ad\u3164', ['name: nameInvisible']],
  ['\u2800', ['name: nameInvisible']],
  ['\u0301', ['name: nameInvisible']],
])('the name %j', (name, problems) => {
  expect(problemsOf(() => readSignUp(formOf({ ...good, name })))).toEqual(problems)
})

test.each(['a&b@example.com', 'a=b@example.com', 'a/b@example.com', 'a!b@example.com', "o'brien+x@example.com"])(
  'the e-mail %j is one',
  (email) => {
    expect(problemsOf(() => readSignIn(formOf({ ...good, email })))).toEqual([])
  },
)

test('an old, short password can still be signed in with', () => {
  expect(problemsOf(() => readSignIn(formOf({ ...good, password: 'old' })))).toEqual([])
})

test('spaces around the e-mail go, those of the password stay', () => {
  const read = readSignIn(formOf({ email: ' ada@example.com ', password: ' secret ' }))
  expect(read).toEqual({ email: 'ada@example.com', password: ' secret ' })
})
