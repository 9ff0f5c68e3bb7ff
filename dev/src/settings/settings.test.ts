import { expect, test } from 'vitest'
import { merge, readSettings } from './settings.ts'

test('the shell wins over .env, for the names that .env knows', () => {
  const merged = merge(
    ['FRONTEND_PORT'],
    { FRONTEND_PORT: '3000', MINE: 'a' },
    { FRONTEND_PORT: '3100', MINE: 'b', HOME: '/' },
  )

  expect(merged).toEqual({ FRONTEND_PORT: '3100', MINE: 'b' })
})

test('the public address follows the port', () => {
  const { variables } = readSettings({ FRONTEND_PORT: '3100', PUBLIC_URL: '', CORS_ORIGIN: '' })

  expect(variables.PUBLIC_URL).toBe('http://localhost:3100')
  expect(variables.CORS_ORIGIN).toBe('http://localhost:3100')
})

test('a public address that is set stays', () => {
  const { variables } = readSettings({ PUBLIC_URL: 'https://app.example.com' })

  expect(variables.CORS_ORIGIN).toBe('https://app.example.com')
})

test('every fault is named at once, without its value', () => {
  const read = () => readSettings({ AUTH_PORT: 'four', MAIL_PORT: '70000', MODE: 'secret' })

  expect(read).toThrow(
    /MODE must be auto, compose or embedded\n.*AUTH_PORT must be a port.*\n.*MAIL_PORT must be a port/,
  )
  expect(read).not.toThrow(/four|70000|secret/)
})

test('two services cannot have one port', () => {
  expect(() => readSettings({ AUTH_PORT: '8000' })).toThrow(/AUTH_PORT and BACKEND_PORT are both 8000/)
})
