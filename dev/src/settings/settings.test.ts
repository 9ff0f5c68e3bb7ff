import { expect, test } from 'vitest'
import { inspectSettings, merge, readSettings } from './settings.ts'

test('the shell wins over .env, for the names that .env or the example knows, and the example fills in the rest', () => {
  const merged = merge(
    { FRONTEND_PORT: '3000', NODE_ENV: 'development', DEMO_EMAIL: 'demo@example.com' },
    { MINE: 'a', DEMO_EMAIL: '' },
    { FRONTEND_PORT: '3100', MINE: 'b', HOME: '/' },
  )

  expect(merged).toEqual({ FRONTEND_PORT: '3100', NODE_ENV: 'development', DEMO_EMAIL: '', MINE: 'b' })
})

test.each([
  [{}, ['development', 'development']],
  [{ NODE_ENV: 'production' }, ['production', 'production']],
  [{ APP_ENV: 'production' }, ['production', 'production']],
  [{ NODE_ENV: 'development', APP_ENV: 'production' }, ['development', 'production']],
])('%j: nothing is in production unless a setting says so, and one name counts for both', (given, expected) => {
  const { NODE_ENV, APP_ENV } = readSettings({ NODE_ENV: '', ...given }).variables

  expect([NODE_ENV, APP_ENV]).toEqual(expected)
})

test('beside a mistake the other settings can still be used, to stop or to look at what runs', () => {
  const { settings, errors } = inspectSettings({ AUTH_PORT: 'four', MAIL_PORT: '9000', MODE: 'docker' })

  expect(settings).toMatchObject({ mode: 'auto', ports: { AUTH_PORT: 4000, MAIL_PORT: 9000 } })
  expect(errors).toHaveLength(2)
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

test('every error is named at once, without its value', () => {
  const read = () => readSettings({ AUTH_PORT: 'four', MAIL_PORT: '70000', MODE: 'secret' })

  expect(read).toThrow(
    /MODE must be auto, compose or embedded\n.*AUTH_PORT must be a port.*\n.*MAIL_PORT must be a port/,
  )
  expect(read).not.toThrow(/four|70000|secret/)
})

test('two services cannot have one port', () => {
  expect(() => readSettings({ AUTH_PORT: '8000' })).toThrow(/AUTH_PORT and BACKEND_PORT are both 8000/)
})
