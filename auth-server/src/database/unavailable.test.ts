import pg from 'pg'
import { describe, expect, test } from 'vitest'
import { isConnectionLost, isDatabaseUnavailable } from './unavailable.ts'

const withCode = (code: string) => Object.assign(new Error(code), { code })
const fromServer = (code: string) => Object.assign(new pg.DatabaseError(code, 1, 'error'), { code })

describe('"don\'t know": the database says nothing about who is asking', () => {
  test.each([
    ...['08006', '08P01', '53300', '53100', '57014', '57P01', '57P03', '58030', 'XX000', 'XX001', '25006', '40001'],
    ...['40P01', '55P03', '28P01', '28000', '3D000', '3F000', '42P01', '42501', '42703', '25P03', '0A000', '26000'],
  ])('SQLSTATE %s', (code) => {
    expect(isDatabaseUnavailable(fromServer(code))).toBe(true)
  })
  test.each([
    ...['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH'],
    ...[
      'CERT_HAS_EXPIRED',
      'SELF_SIGNED_CERT_IN_CHAIN',
      'DEPTH_ZERO_SELF_SIGNED_CERT',
      'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    ],
    ...['ERR_TLS_CERT_ALTNAME_INVALID', 'EMFILE'],
  ])('error code %s', (code) => {
    expect(isDatabaseUnavailable(withCode(code))).toBe(true)
  })
  test.each([
    'Connection terminated unexpectedly',
    'Connection terminated due to connection timeout',
    'timeout exceeded when trying to connect',
    'Query read timeout',
    'Client has encountered a connection error and is not queryable',
    'The server does not support SSL connections',
    'Cannot use a pool after calling end on the pool',
  ])('a message of pg: %s', (message) => {
    expect(isDatabaseUnavailable(new Error(message))).toBe(true)
  })
  test('wrapped by others, or one of several', () => {
    expect(isDatabaseUnavailable(new Error('wrapped', { cause: withCode('ECONNREFUSED') }))).toBe(true)
    expect(isDatabaseUnavailable(new AggregateError([withCode('ECONNREFUSED'), withCode('ECONNREFUSED')]))).toBe(true)
  })
})

test.each(['22001', '22021', '22P02', '23505', '23503', '23502', '42601'])('a result or a bug: SQLSTATE %s', (code) => {
  expect(isDatabaseUnavailable(fromServer(code))).toBe(false)
})

test('what is no error of a database is none', () => {
  for (const error of [new TypeError('x is undefined'), undefined, null, 'ECONNREFUSED', { code: '08006' }]) {
    expect(isDatabaseUnavailable(error)).toBe(false)
  }
})

test('only a connection that died is worth another one', () => {
  expect(isConnectionLost(fromServer('57P01'))).toBe(true)
  expect(isConnectionLost(withCode('ECONNRESET'))).toBe(true)
  expect(isConnectionLost(new Error('Connection terminated unexpectedly'))).toBe(true)
  const timedOut = new Error('Connection terminated due to connection timeout', {
    cause: new Error('Connection terminated unexpectedly'),
  })
  const others = [withCode('ECONNREFUSED'), new Error('Query read timeout'), fromServer('57014'), fromServer('57P03')]
  for (const error of [timedOut, ...others]) {
    expect(isConnectionLost(error)).toBe(false)
  }
})
