import { expect, test } from 'vitest'
import redirects from '../../contract/redirects.json' with { type: 'json' }
import { localPath, nextOf, secondFactorPathTo, signInPath } from './paths.ts'

const origin = 'http://localhost:3000'

const { elsewhere, local }: { elsewhere: string[]; local: [string, string][] } = JSON.parse(JSON.stringify(redirects))

test.each([...elsewhere, '', `/${'a'.repeat(3000)}`])('%j as next leads home', (next) => {
  expect(localPath(next, origin)).toBe('/')
})

test.each(local)('%j as next is the page %j of the app', (next, path) => {
  expect(localPath(next, origin)).toBe(path)
})

test.each(['/sign-in', '/sign-up', '/sign-in?next=/sign-in', '/sign-in/link', '/sign-in/email'])(
  '%j as next does not lead back to signing in',
  (next) => {
    expect(localPath(next, origin)).toBe('/')
  },
)

test('no next leads home', () => {
  expect(localPath(null, origin)).toBe('/')
})

test('the page that the user wanted is in the address of the sign-in page, unchanged', () => {
  const path = signInPath('/?from=mail&x=1#top')
  expect(localPath(new URL(path, origin).searchParams.get('next'), origin)).toBe('/?from=mail&x=1#top')
})

test('a second factor that comes after a mailed link leads on to the page that was wanted', () => {
  expect(secondFactorPathTo('/')).toBe('/sign-in?second-factor')
  expect(nextOf(new URL(secondFactorPathTo('/account?x=1#y'), origin).search, origin)).toBe('/account?x=1#y')
})

test('who is signed in is led from the sign-in page to what they wanted, or to what a provider refused', () => {
  expect(nextOf('next=%2Faccount', origin)).toBe('/account')
  expect(nextOf('next=https%3A%2F%2Fevil.example', origin)).toBe('/')
  expect(nextOf('next=%2Faccount&error=a%26b', origin)).toBe('/account?error=a%26b#sign-in-methods')
})
