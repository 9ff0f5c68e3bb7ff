import { expect, test } from 'vitest'
import { readContract } from '../../test/contract.ts'
import { cacheControl, isPage, NOT_STORED, PAGE_HEADERS, REDIRECTS } from './rules.ts'

type Contract = {
  paths: string[]
  headers: Record<string, string>
  redirects: Record<string, string>
  cacheControl: { assets: string; others: string; nowhere: string }
}
const contract = readContract<Contract>('pages')

test('the pages are served by the rules of the contract', () => {
  expect(PAGE_HEADERS).toEqual(contract.headers)
  expect(Object.fromEntries(REDIRECTS)).toEqual(contract.redirects)
  expect(cacheControl('/assets/app-1a2b3c4d.js')).toBe(contract.cacheControl.assets)
  expect(cacheControl('/robots.txt')).toBe(contract.cacheControl.others)
  expect(NOT_STORED).toBe(contract.cacheControl.nowhere)
})

test.each(contract.paths)('%s is a page, in any case and with a slash at the end', (path) => {
  expect([path, `${path.replace(/\/$/, '')}/`, path.toUpperCase()].filter((one) => !isPage(one))).toEqual([])
})

test.each(['/notes', '/sign-in/x', '/sign-in.html', '/x/sign-in', '//', '/account//'])('%s is none', (path) => {
  expect(isPage(path)).toBe(false)
})
