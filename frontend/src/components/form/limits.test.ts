import { expect, test } from 'vitest'
import limits from '../../../../contract/limits.json' with { type: 'json' }
import { english } from '../../texts/english.ts'
import { german } from '../../texts/german.ts'
import { NAME_MAX, NOTE_MAX, PASSWORD_MAX, PASSWORD_MIN } from './limits.ts'

test('the forms have the limits of the contract', () => {
  expect(limits).toMatchObject({
    passwordMinCharacters: PASSWORD_MIN,
    passwordMaxCharacters: PASSWORD_MAX,
    nameMaxCharacters: NAME_MAX,
    noteMaxCharacters: NOTE_MAX,
  })
})

test.each([
  ['passwordShort', PASSWORD_MIN],
  ['passwordLong', PASSWORD_MAX],
  ['nameTooLong', NAME_MAX],
  ['noteLong', NOTE_MAX],
] as const)('the text %s names the limit %d', (text, limit) => {
  expect(english.problems[text]).toContain(` ${limit.toLocaleString('en')} `)
  expect(german.problems[text]).toContain(` ${limit.toLocaleString('de')} `)
})
