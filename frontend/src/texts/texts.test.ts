import { expect, test } from 'vitest'
import { english } from './english.ts'
import { german } from './german.ts'
import { pickLanguage } from './language.tsx'

/** Paths like `signIn.title` of all texts, each as it would be shown. */
function entries(texts: object, prefix = ''): [string, string][] {
  return Object.entries(texts).flatMap(([name, value]: [string, unknown]): [string, string][] => {
    if (typeof value === 'function') return [[prefix + name, String(value('«X»'))]]
    if (typeof value === 'object' && value) return entries(value, `${prefix}${name}.`)
    return [[prefix + name, String(value)]]
  })
}

test('both languages have the same texts', () => {
  const names = (texts: object) => entries(texts).map(([name]) => name)
  expect(names(german)).toEqual(names(english))
})

test.each(entries(german))('%s is translated', (name, text) => {
  expect(text.trim()).not.toBe('')
  expect(text).not.toBe(Object.fromEntries(entries(english))[name])
})

test.each([...entries(english), ...entries(german)])('%s says what it was given', (name, text) => {
  const takesSomething = ['requestId', 'seconds', 'greeting', 'since', 'deleteThis'].some((end) => name.endsWith(end))
  expect(text.includes('«X»')).toBe(takesSomething)
})

test.each([
  [['de-AT', 'en'], 'de'],
  [['fr', 'de'], 'de'],
  [['en-GB'], 'en'],
  [['DE'], 'de'],
  [['fr'], 'en'],
  [[], 'en'],
  [[null, 'de'], 'de'],
  [['constructor', '__proto__'], 'en'],
] as const)('who prefers %j reads %s', (wanted, language) => {
  expect(pickLanguage(wanted)).toBe(language)
})
