import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { HttpError } from '../errors.ts'
import { createCredentialReader, sign } from './credential.ts'

type Case = { what: string; over: 'http' | 'https'; cookie: string[]; counts: string; forwarded: string | null }
const { cases } = JSON.parse(readFileSync(new URL('../../../contract/cookies.json', import.meta.url), 'utf8')) as {
  cases: Case[]
}

const SECRET = 'a secret of thirty-two characters'
const READERS = {
  http: createCredentialReader({
    BETTER_AUTH_SECRET: SECRET,
    NODE_ENV: 'development',
    PUBLIC_URL: 'http://localhost:3000',
  }),
  https: createCredentialReader({
    BETTER_AUTH_SECRET: SECRET,
    NODE_ENV: 'production',
    PUBLIC_URL: 'https://app.example.com',
  }),
}

function filled(cookie: string): string {
  const [ada, bob] = [sign('ada', SECRET), sign('bob', SECRET)]
  return cookie
    .replaceAll('{ada}', encodeURIComponent(ada))
    .replaceAll('{bob}', encodeURIComponent(bob))
    .replaceAll('{ada.raw}', ada)
    .replaceAll('{forged}', encodeURIComponent(bob.replace('bob', 'eve')))
}

function whoIs(over: Case['over'], cookie: string | undefined): string {
  try {
    return READERS[over]({ authorization: undefined, cookie }).token
  } catch (error) {
    if (error instanceof HttpError) return error.code
    throw error
  }
}

describe.each(cases)('$what', ({ over, cookie, counts, forwarded }) => {
  test(`over ${over} it is ${counts}`, () => {
    expect(whoIs(over, filled(cookie.join('; ')))).toBe(counts)
  })

  test('what the package passes on is the same', () => {
    const isRefused = forwarded !== null && !forwarded.includes('=')
    expect(isRefused ? forwarded : whoIs(over, filled(forwarded ?? ''))).toBe(counts)
  })
})
