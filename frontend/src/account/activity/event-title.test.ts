import { expect, test } from 'vitest'
import contract from '../../../../contract/activity.json' with { type: 'json' }
import { textsIn } from '../../texts/texts.ts'
import { deviceTexts } from '../texts.ts'
import type { ActivityEvent } from './calls.ts'
import { eventTitle, TITLES } from './event-title.tsx'
import { eventTexts } from './texts.ts'

const words = {
  texts: textsIn('en', eventTexts),
  names: textsIn('en', deviceTexts),
  providers: [{ id: 'own', name: 'Own' }],
  services: [{ id: 'notes', name: 'Notes' }],
}
const event: ActivityEvent = {
  ...{ id: 'e1', type: 'signed-in', createdAt: new Date(0), ipAddress: null, kind: null, browser: null, system: null },
  ...{ byAdministrator: false, isThisSession: false, count: 1, device: null, email: null, provider: null },
  ...{ isNewDevice: false, name: null, service: null },
}

test('there are words for every type that the auth server records', () => {
  expect(Object.keys(TITLES).toSorted()).toEqual(contract.types)
})

test('no two types have the same words', () => {
  const titles = contract.types.map((type) => JSON.stringify(eventTitle({ ...event, type }, words)))
  expect(new Set(titles).size).toBe(titles.length)
})

test.each(['from-the-future', 'constructor', '__proto__', ''])('the type %j is a change in general words', (type) => {
  expect(eventTitle({ ...event, type }, words)).toBe('Change to your account')
})

test.each([
  ['credential', 'password'],
  ['own', 'Own'],
  ['gone', 'gone'],
])('of the provider %s, the way to sign in is called %s', (provider, name) => {
  const titleOf = (type: string) => eventTitle({ ...event, type, provider }, words)
  expect(titleOf('sign-in-method-added')).toBe(`Way to sign in added: ${name}`)
  expect(titleOf('sign-in-method-removed')).toBe(`Way to sign in removed: ${name}`)
})

test('a sign-in in a browser that is new says so', () => {
  expect(eventTitle({ ...event, isNewDevice: true }, words)).toBe('Signed in on a new device')
})

test.each(['passkey-added', 'passkey-removed'])('%s has words with a name and without one', (type) => {
  expect(eventTitle({ ...event, type }, words)).toMatch(/^Passkey (added|removed)$/)
  expect(JSON.stringify(eventTitle({ ...event, type, name: 'Phone' }, words))).toContain('Phone')
})

test.each([
  ['notes', 'Notes'],
  ['gone', 'gone'],
])('the service %s is called %s', (service, name) => {
  const titleOf = (type: string) => eventTitle({ ...event, type, service }, words)
  expect(titleOf('service-connected')).toBe(`Service connected: ${name}`)
  expect(titleOf('service-removed')).toBe(`Service removed: ${name}`)
})

test.each([
  [1, 'Signed out 1 other device'],
  [3, 'Signed out 3 other devices'],
])('%i sessions that were ended', (count, title) => {
  expect(eventTitle({ ...event, type: 'session-revoked', count }, words)).toBe(title)
})
