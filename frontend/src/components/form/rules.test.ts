import { expect, test } from 'vitest'
import limits from '../../../../contract/limits.json' with { type: 'json' }
import { NAME_MAX, newPasswordIssue, PASSWORD_MAX, PASSWORD_MIN } from './rules.ts'
import { fieldTexts, ruleTexts } from './texts.ts'

test('the forms have the limits of the contract', () => {
  expect(limits).toMatchObject({
    passwordMinCharacters: PASSWORD_MIN,
    passwordMaxCharacters: PASSWORD_MAX,
    nameMaxCharacters: NAME_MAX,
  })
})

test.each([
  [ruleTexts.passwordLong, PASSWORD_MAX],
  [ruleTexts.nameTooLong, NAME_MAX],
])('the text $en names the limit %d', ({ en, de }, limit) => {
  expect(en).toContain(` ${limit} `)
  expect(de).toContain(` ${limit} `)
})

test.each([8, 12, 20])('a new password must have %i characters where the auth server asks for so many', (min) => {
  expect(newPasswordIssue('x'.repeat(min), min)).toBeNull()
  const issue = newPasswordIssue('\u{1f511}'.repeat(min - 1), min)
  for (const text of [issue?.text, { en: fieldTexts.passwordHint.en(min), de: fieldTexts.passwordHint.de(min) }]) {
    expect(text?.en).toContain(` ${min} `)
    expect(text?.de).toContain(` ${min} `)
  }
})

test('fifteen characters are not called better where more are needed', () => {
  expect(fieldTexts.passwordHint.en(14)).toContain('better')
  expect(fieldTexts.passwordHint.en(15)).not.toContain('better')
})
