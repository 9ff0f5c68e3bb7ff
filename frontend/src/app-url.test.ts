import { expect, test } from 'vitest'
import { readAppUrl } from './app-url.ts'

const pageWith = (content?: string) => ({
  querySelector: () => (content === undefined ? null : { getAttribute: () => content }),
})

test.each([
  ['where another server has the pages', undefined, undefined],
  ['where the auth server knows no app', '', null],
  ['where it knows one', 'https://app.example/', 'https://app.example/'],
])('%s, the app is at %s', (_where, content, url) => {
  expect(readAppUrl(pageWith(content) as unknown as Document)).toBe(url)
})
