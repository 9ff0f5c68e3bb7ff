import { expect, test } from 'vitest'
import redirects from '../../contract/redirects.json' with { type: 'json' }
import { localPath, signInPath } from './paths.ts'

const origin = 'http://localhost:3000'

const { elsewhere, local }: { elsewhere: string[]; local: [string, string][] } = JSON.parse(JSON.stringify(redirects))

test.each([...elsewhere, '', `/${'a'.repeat(3000)}`])('%j as next leads home', (next) => {
  expect(localPath(next, origin)).toBe('/')
})

test.each(local)('%j as next is the page %j of the app', (next, path) => {
  expect(localPath(next, origin)).toBe(path)
})

test.each(['/sign-in', '/sign-up', '/sign-in?next=/sign-in'])('%j as next does not lead back to signing in', (next) => {
  expect(localPath(next, origin)).toBe('/')
})

test('no next leads home', () => {
  expect(localPath(null, origin)).toBe('/')
})

test('the page that the user wanted is in the address of the sign-in page, unchanged', () => {
  const path = signInPath('/?from=mail&x=1#top')
  expect(localPath(new URL(path, origin).searchParams.get('next'), origin)).toBe('/?from=mail&x=1#top')
})
