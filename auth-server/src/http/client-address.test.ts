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
  ['10.0.0.1', undefined, '10.0.0.1', 'no header'],
  ['10.0.0.1', '', '10.0.0.1', 'an empty header'],
  ['fe80::1%eth0', undefined, 'fe80::1', 'a peer on the same link'],
  [undefined, undefined, '0.0.0.0', 'a socket that is gone'],
])('socket %s with %s is %s: %s', (socket, value, expected, _what) => {
  expect(ask(socket, value)).toBe(expected)
})

/** The client in every form that proxies write; RFC 5952 says how the address is written, RFC 7239 §6 what may surround it. */
const NODES = [
  ['203.0.113.9', '203.0.113.9'],
  ['203.0.113.9:1234', '203.0.113.9'],
  ['203.0.113.9:_port', '203.0.113.9'],
  ['"203.0.113.9:1234"', '203.0.113.9'],
  ['  203.0.113.9\t', '203.0.113.9'],
  ['::ffff:203.0.113.9', '203.0.113.9'],
  ['::FFFF:CB00:7109', '203.0.113.9'],
  ['[::ffff:203.0.113.9]:1234', '203.0.113.9'],
  ['0:0:0:0:0:ffff:203.0.113.9', '203.0.113.9'],
  ['2001:db8:2::9', '2001:db8:2::9'],
  ['2001:DB8:2:0:0::9', '2001:db8:2::9'],
  ['2001:0db8:0002:0000:0000:0000:0000:0009', '2001:db8:2::9'],
  ['2001:db8:0:1:0:0:0:1', '2001:db8:0:1::1'],
  ['2001:db8:2:1:1:1:1:1', '2001:db8:2:1:1:1:1:1'],
  ['2001:db8:0:2:3:4:5:6', '2001:db8:0:2:3:4:5:6'],
  ['[2001:db8:2::9]', '2001:db8:2::9'],
  ['[2001:db8:2::9]:443', '2001:db8:2::9'],
  ['"[2001:db8:2::9]:4711"', '2001:db8:2::9'],
  ['"[2001:db8:2::9]:_p"', '2001:db8:2::9'],
  ['"[2001:db8:2::9]"', '2001:db8:2::9'],
  ['fe80::1%eth0', 'fe80::1'],
  ['[fe80::1%eth0]:443', 'fe80::1'],
  ['[fe80::1%25eth0]', 'fe80::1'],
  ['"[FE80::1%25eth0]:443"', 'fe80::1'],
] as const

test.each(NODES)('%s is the client %s', (written, expected) => {
  for (const value of [
    written,
    `1.2.3.4, ${written}`,
    `${written}, 10.0.0.2`,
    `1.2.3.4, ${written}, [::ffff:10.0.0.2]:80`,
  ]) {
    expect(ask('10.0.0.1', value)).toBe(expected)
  }
})

test.each(NODES)('for=%s of Forwarded is the client %s', (written, expected) => {
  const node = written.trim()
  for (const value of [
    `for=${node}`,
    `For=${node};proto=https;by=10.0.0.1`,
    `proto=https; FOR=${node}`,
    `for=1.2.3.4, for=${node}`,
    `for="[2001:db8:9::1]:1", for=${node};host=a, for=10.0.0.2`,
    `for="1.2.3.4, for=${node};by=_x, for="10.0.0.2:80"`,
  ]) {
    const headers = new Headers({ forwarded: value })
    expect(clientAddress({ header: 'Forwarded', trusted }, '10.0.0.1', headers)).toBe(expected)
  }
})

test.each([
  ['1.2.3.4, 203.0.113.9', '203.0.113.9', 'what the client wrote stands left'],
  ['1.2.3.4, 203.0.113.9, 10.0.0.2', '203.0.113.9', 'through two of our proxies'],
  ['203.0.113.9, ,', '203.0.113.9', 'empty members say nothing'],
  [', 203.0.113.9,, 10.0.0.2 ,', '203.0.113.9', 'empty members between'],
  ['10.0.0.9', '10.0.0.9', 'a client inside the trusted range'],
  ['10.0.0.9, 10.0.0.2', '10.0.0.9', 'the same behind two proxies'],
  ['unknown', '10.0.0.1', 'no address: the nearest hop that is known'],
  ['_hidden', '10.0.0.1', 'an obfuscated one'],
  ['1.2.3.4, unknown', '10.0.0.1', 'left of it stands what the client wrote'],
  ['1.2.3.4, _hidden, 10.0.0.2', '10.0.0.2', 'the nearest is the last proxy that is named'],
  ['1.2.3.4, nonsense, 192.0.2.7:80, 10.0.0.2', '192.0.2.7', 'the same with a port'],
  ['0x7f.1', '10.0.0.1', 'another notation'],
  ['203.0.113.009', '10.0.0.1', 'octal or decimal: RFC 6943 §3.1.1'],
  ['203.0.113.9:', '10.0.0.1', 'half a port'],
  ['203.0.113.9:123456', '10.0.0.1', 'no port'],
  ['203.0.113.9%eth0', '10.0.0.1', 'a zone of IPv4'],
  ['[203.0.113.9', '10.0.0.1', 'half a bracket'],
  ['[2001:db8::1]x', '10.0.0.1', 'more behind the bracket'],
  ['2001:db8:::1', '10.0.0.1', 'two gaps'],
  ['for=203.0.113.9', '10.0.0.1', 'of another header'],
])('the list %s is %s: %s', (value, expected, _what) => {
  expect(ask('10.0.0.1', value)).toBe(expected)
})

test.each([
  ['for=unknown', '10.0.0.1'],
  ['for=_hidden, for=10.0.0.2', '10.0.0.2'],
  ['for=1.2.3.4, proto=https', '10.0.0.1'],
  ['for=1.2.3.4;for=5.6.7.8', '10.0.0.1'],
  ['203.0.113.9', '10.0.0.1'],
  ['by=203.0.113.9', '10.0.0.1'],
])('Forwarded: %s is %s', (forwarded, expected) => {
  expect(clientAddress({ header: 'forwarded', trusted }, '10.0.0.1', new Headers({ forwarded }))).toBe(expected)
})

test('without a configured header none counts', () => {
  const rule = { header: undefined, trusted }
  expect(clientAddress(rule, '10.0.0.1', new Headers({ 'x-real-ip': '203.0.113.9' }))).toBe('10.0.0.1')
})
