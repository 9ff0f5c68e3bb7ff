import { expect, test } from 'vitest'
import limits from '../../../../contract/limits.json' with { type: 'json' }
import { NAME_MAX, PASSWORD_MAX, PASSWORD_MIN } from './rules.ts'
import { fieldTexts, ruleTexts } from './texts.ts'

test('the forms have the limits of the contract', () => {
  expect(limits).toMatchObject({
    passwordMinCharacters: PASSWORD_MIN,
    passwordMaxCharacters: PASSWORD_MAX,
    nameMaxCharacters: NAME_MAX,
  })
})

test.each([
  [ruleTexts.passwordShort, PASSWORD_MIN],
  [fieldTexts.passwordHint, PASSWORD_MIN],
  [ruleTexts.passwordLong, PASSWORD_MAX],
  [ruleTexts.nameTooLong, NAME_MAX],
])('the text $en names the limit %d', ({ en, de }, limit) => {
  expect(en).toContain(` ${limit} `)
  expect(de).toContain(` ${limit} `)
})
