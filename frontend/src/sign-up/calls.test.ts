import { expect, test } from 'vitest'
import { formOf, issuesOf } from '../../test/forms.ts'
import { ruleTexts } from '../components/form/texts.ts'
import { readSignUp } from './calls.ts'

const good = { name: 'Ada', email: 'ada@example.com', password: 'correct horse' }

test('an empty form names every field that it needs', async () => {
  expect(await issuesOf(() => readSignUp(formOf({ name: ' ', email: '', password: '' }), 8))).toEqual([
    ['email', ruleTexts.emailMissing.en],
    ['password', ruleTexts.passwordMissing.en],
  ])
})

test('an invalid email is refused', async () => {
  expect(await issuesOf(() => readSignUp(formOf({ ...good, email: 'ada@example' }), 8))).toEqual([
    ['email', ruleTexts.emailInvalid.en],
  ])
})

test.each([
  ['1234567', 'passwordShort'],
  ['12345678', null],
  ['x'.repeat(128), null],
  ['x'.repeat(129), 'passwordLong'],
  ['        ', null],
  ['пароль1😀', null],
  ['пароль😀', 'passwordShort'],
  ['😀'.repeat(7), 'passwordShort'],
  ['😀'.repeat(8), null],
  ['😀'.repeat(64), null],
  ['😀'.repeat(65), null],
  ['😀'.repeat(127), null],
  ['😀'.repeat(128), null],
  ['😀'.repeat(129), 'passwordLong'],
] as const)('the new password %j: %s', async (password, rule) => {
  expect(await issuesOf(() => readSignUp(formOf({ ...good, password }), 8))).toEqual(
    rule ? [['password', rule === 'passwordShort' ? ruleTexts.passwordShort.en(8) : ruleTexts[rule].en]] : [],
  )
})

test.each([
  ['', null],
  ['n'.repeat(255), null],
  ['😀'.repeat(255), null],
  ['👩‍👩‍👧', null],
  ['김', null],
  ['n'.repeat(256), 'nameTooLong'],
  ['\u200b', 'nameInvisible'],
  ['\u00ad\u3164', 'nameInvisible'],
  ['\u2800', 'nameInvisible'],
  ['\u0301', 'nameInvisible'],
] as const)('the name %j: %s', async (name, rule) => {
  expect(await issuesOf(() => readSignUp(formOf({ ...good, name }), 8))).toEqual(
    rule ? [['name', ruleTexts[rule].en]] : [],
  )
})
