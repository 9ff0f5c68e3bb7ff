import { expect, test } from 'vitest'
import { deviceOf } from './device.ts'

const WINDOWS = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)'
const IPHONE = 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)'
const IPAD = 'Mozilla/5.0 (iPad; CPU OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)'
const MAC = 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko)'
const ANDROID = 'Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko)'

test.each([
  [`${WINDOWS} Chrome/131.0.0.0 Safari/537.36`, 'computer', 'Chrome', 'Windows'],
  [`${WINDOWS} Chrome/131.0.0.0 Safari/537.36 Edg/131.0.2903.51`, 'computer', 'Microsoft Edge', 'Windows'],
  [`${MAC} Version/18.1 Safari/605.1.15`, 'computer', 'Safari', 'macOS'],
  ['Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0', 'computer', 'Firefox', 'Linux'],
  [`${IPHONE} Version/18.1 Mobile/15E148 Safari/604.1`, 'phone', 'Safari', 'iOS'],
  [`${IPHONE} CriOS/131.0.6778.73 Mobile/15E148 Safari/604.1`, 'phone', 'Chrome', 'iOS'],
  [`${IPAD} Version/18.1 Mobile/15E148 Safari/604.1`, 'tablet', 'Safari', 'iOS'],
  [`${ANDROID} Chrome/131.0.0.0 Mobile Safari/537.36`, 'phone', 'Chrome', 'Android'],
  ['curl/8.5.0', 'program', 'curl', null],
  ['python-httpx/0.27.0', 'program', 'python-httpx', null],
  ['node', 'program', 'node', null],
  ['Mozilla/5.0', null, null, null],
  ['', null, null, null],
  [null, null, null, null],
])('%s is a %s with %s on %s', (userAgent, kind, browser, system) => {
  expect(deviceOf(userAgent)).toEqual({ kind, browser, system })
})

const HOSTILE = [
  '<img src=x onerror=alert(1)>/1 <b>bold</b>',
  '"><script>alert(1)</script>',
  `${'/'.repeat(511)} `,
  `${'a/'.repeat(250)} b`,
  `Chrome/${'1_'.repeat(250)}x`,
  `version/${'1.'.repeat(10_000)}`,
  '\u0000\u001b[31mred/1 x',
  '\u202eevil/1.0 (Windows NT 10.0)',
  `${'x'.repeat(100_000)}/1 (iPhone)`,
  '__proto__/1 constructor',
  '(((((((((((((((((((((((((((((((((',
]

test.each(HOSTILE)('%j gives only short names in letters', (userAgent) => {
  const { browser, system } = deviceOf(userAgent)
  for (const name of [browser, system]) expect(name ?? 'none').toMatch(/^[A-Za-z][A-Za-z0-9 _.+-]{0,39}$/)
})

test('what stands behind the first 512 characters is not looked at', () => {
  expect(deviceOf(`${'('.repeat(512)} ${WINDOWS} Chrome/131.0.0.0`)).toEqual({
    kind: null,
    browser: null,
    system: null,
  })
})
