import { afterEach, expect, test } from 'vitest'
import { initials } from './initials.ts'

const { Segmenter } = Intl
afterEach(() => {
  Object.defineProperty(Intl, 'Segmenter', { value: Segmenter, configurable: true, writable: true })
})

test.each([
  ['Ada Lovelace', 'AL'],
  ['ada', 'A'],
  ['Ada King Countess of Lovelace', 'AL'],
  ['  Ada   Lovelace  ', 'AL'],
  ['(Ada) "Lovelace"', 'AL'],
  ['Ada 🦊', 'A'],
  ['👩‍👩‍👧 Ada', 'A'],
  ['🦊', ''],
  ['42', ''],
  ['', ''],
  ['e\u0301lan', 'E\u0301'],
  ['éva ñandu', 'ÉÑ'],
  ['ßzet', 'ß'],
  ['김 철수', '김철'],
  ['नि शा', 'निशा'],
  ['Жанна', 'Ж'],
  ['o’brien', 'O'],
])('the initials of %j are %j', (name, letters) => {
  expect(initials(name, 'en')).toBe(letters)
})

test('capitals are those of the language', () => {
  expect(initials('irem', 'tr')).toBe('İ')
})

test('without a segmenter, a letter is a code point', () => {
  Reflect.deleteProperty(Intl, 'Segmenter')
  expect(initials('👩‍👩‍👧 ada 𝒷ea', 'en')).toBe('A𝒷')
})
