import { expect, test } from 'vitest'
import { languageOf } from './language.ts'

test.each([
  [null, 'en'],
  ['', 'en'],
  ['de', 'de'],
  ['de-AT,de;q=0.9,en;q=0.5', 'de'],
  ['en;q=0.5, de;q=0.9', 'de'],
  ['fr-CH, fr;q=0.9, de;q=0.4, en;q=0.3', 'de'],
  ['de;q=0, en;q=0.1', 'en'],
  ['fr', 'en'],
  ['*', 'en'],
  ['DE-DE', 'de'],
  [`${'x,'.repeat(5000)}de`, 'en'],
])('Accept-Language %j is %s', (header, language) => {
  expect(languageOf(header, 'en')).toBe(language)
})

test.each([
  ['fr', 'de'],
  [null, 'de'],
  ['en', 'en'],
])('where German is the default, %j is %s', (header, language) => {
  expect(languageOf(header, 'de')).toBe(language)
})
