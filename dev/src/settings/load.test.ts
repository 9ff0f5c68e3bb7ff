import { expect, test } from 'vitest'
import { remarks } from './load.ts'

const known = ['AUTH_PORT', 'BACKEND_PORT', 'MAIL_PORT', 'SMTP_PORT', 'LOG_LEVEL']

test('what .env lacks is one short line', () => {
  expect(remarks(known, known)).toEqual([])
  expect(remarks(known, ['LOG_LEVEL', 'SMTP_PORT', 'MAIL_PORT'])).toEqual([
    'not in .env, so the defaults apply: AUTH_PORT, BACKEND_PORT (see .env.example)',
  ])
  expect(remarks(known, [])).toEqual([
    'not in .env, so the defaults apply: AUTH_PORT, BACKEND_PORT, MAIL_PORT and 2 more (see .env.example)',
  ])
})

test('a name that is no setting is named, with the one that was probably meant', () => {
  expect(remarks(known, [...known, 'AUHT_PORT', 'SOMETHING'])).toEqual([
    '.env sets AUHT_PORT, which is no setting; did you mean AUTH_PORT?',
    '.env sets SOMETHING, which is no setting',
  ])
})

test('what does the work of a setting of another system is taken from .env.example', () => {
  expect(remarks(known, [...known, 'REDIS_URL'])).toEqual([
    expect.stringMatching(/^REDIS_URL is not used: sessions are in PostgreSQL/),
  ])
})
