import { expect, test } from 'vitest'
import { readEnv } from '../env.ts'
import { clientAddress } from './client-address.ts'

const { TRUSTED_PROXIES: trusted } = readEnv({
  NODE_ENV: 'development',
  BETTER_AUTH_SECRET: 'x',
  INTERNAL_TOKEN: 'x',
  DATABASE_URL: 'postgres://a:b@c/d',
  TRUSTED_PROXIES: '10.0.0.0/8, 192.0.2.7, 2001:db8:1::/48',
})

function ask(socket: string | undefined, value?: string, header: string | undefined = 'x-real-ip') {
  return clientAddress({ header, trusted }, socket, new Headers(value === undefined ? {} : { 'x-real-ip': value }))
}

test.each([
  ['198.51.100.1', '203.0.113.9', '198.51.100.1', 'a header from a peer that is no proxy of ours'],
  ['10.0.0.1', '203.0.113.9', '203.0.113.9', 'a header from our proxy'],
  ['::ffff:10.0.0.1', '203.0.113.9', '203.0.113.9', 'our proxy, seen as IPv6'],
  ['::ffff:a00:1', '203.0.113.9', '203.0.113.9', 'our proxy, seen as IPv6 in hex'],
  ['2001:db8:1::5', '2001:DB8:2:0:0::9', '2001:db8:2::9', 'IPv6 in another spelling'],
  ['10.0.0.1', '::ffff:203.0.113.9', '203.0.113.9', 'IPv4 as IPv6'],
  ['10.0.0.1', '::FFFF:CB00:7109', '203.0.113.9', 'IPv4 as IPv6 in hex'],
  ['10.0.0.1', undefined, '10.0.0.1', 'no header'],
  ['10.0.0.1', '', '10.0.0.1', 'an empty header'],
  ['10.0.0.1', 'unknown', '10.0.0.1', 'no address'],
  ['10.0.0.1', '203.0.113.9:1234', '10.0.0.1', 'a port'],
  ['10.0.0.1', 'fe80::1%eth0', '10.0.0.1', 'a zone'],
  ['10.0.0.1', '0x7f.1', '10.0.0.1', 'another notation'],
  ['10.0.0.1', '1.2.3.4, 203.0.113.9', '203.0.113.9', 'a list: what the client wrote stands left'],
  ['10.0.0.1', '1.2.3.4, 203.0.113.9, 10.0.0.2', '203.0.113.9', 'a list through two of our proxies'],
  ['10.0.0.1', '203.0.113.9, nonsense', '10.0.0.1', 'a list that ends in no address'],
  ['10.0.0.1', '10.0.0.9', '10.0.0.9', 'a client inside the trusted range'],
  [undefined, undefined, '0.0.0.0', 'a socket that is gone'],
])('socket %s with %s is %s: %s', (socket, value, expected, _what) => {
  expect(ask(socket, value)).toBe(expected)
})

test('without a configured header none counts', () => {
  const rule = { header: undefined, trusted }
  expect(clientAddress(rule, '10.0.0.1', new Headers({ 'x-real-ip': '203.0.113.9' }))).toBe('10.0.0.1')
})
