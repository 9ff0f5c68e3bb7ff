import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { KeyRing, type Place, Undecryptable } from './encryption.ts'

const key = (version: string) => ({ version, key: randomBytes(32) })
const [ONE, TWO] = [key('1'), key('2')]
const PLACE: Place = { userId: 'ada', providerId: 'connected:github', column: 'accessToken' }

test('what is encrypted with the first key is decrypted by its version, also after another one has come first', () => {
  const old = new KeyRing([ONE]).encrypt('a token', PLACE)
  const ring = new KeyRing([TWO, ONE])
  expect(old).toMatch(/^1\.[\w-]+$/)
  expect(ring.encrypt('a token', PLACE)).toMatch(/^2\./)
  expect(ring.decrypt(old, PLACE)).toBe('a token')
})

test('the same token is never the same text', () => {
  const ring = new KeyRing([ONE])
  const texts = Array.from({ length: 100 }, () => ring.encrypt('a token', PLACE))
  expect(new Set(texts).size).toBe(100)
})

test.each<[string, Partial<Place>]>([
  ['of another user', { userId: 'eve' }],
  ['of another service', { providerId: 'connected:gitlab' }],
  ['in another column', { column: 'refreshToken' }],
])('a value %s is not decrypted', (_where, other) => {
  const ring = new KeyRing([ONE])
  expect(() => ring.decrypt(ring.encrypt('a token', PLACE), { ...PLACE, ...other })).toThrow(Undecryptable)
})

test('no value is decrypted after any of its characters was changed, or was cut off', () => {
  const ring = new KeyRing([ONE])
  const value = ring.encrypt('a token', PLACE)
  for (let at = 0; at < value.length; at++) {
    // The bits that base64url leaves unused at the end are no part of the value.
    if (at === value.length - 1 && Buffer.from(value.slice(2), 'base64url').length % 3 !== 0) continue
    const changed = value.slice(0, at) + (value[at] === 'A' ? 'B' : 'A') + value.slice(at + 1)
    expect(() => ring.decrypt(changed, PLACE), changed).toThrow(Undecryptable)
    expect(() => ring.decrypt(value.slice(0, at), PLACE)).toThrow(Undecryptable)
  }
})

test('a version that is unknown, and another key under a known one, are told apart in the log', () => {
  const value = new KeyRing([ONE]).encrypt('a token', PLACE)
  expect(() => new KeyRing([TWO]).decrypt(value, PLACE)).toThrow('ENCRYPTION_KEYS has no key of its version')
  expect(() => new KeyRing([key('1')]).decrypt(value, PLACE)).toThrow('its key is another one')
})

test.each(['', 'a token', '1', '1.', '.', '1.AAAA', '__proto__.AAAA'])('%j is not decrypted', (value) => {
  expect(() => new KeyRing([ONE]).decrypt(value, PLACE)).toThrow(Undecryptable)
})
