import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { readEnv } from './env.ts'

test('nothing set means the ports of a plain "make up" and one origin', () => {
  expect(readEnv({})).toEqual({
    port: 3000,
    devPort: 5173,
    publicUrl: 'http://localhost:3000',
    authProxyUrl: 'http://127.0.0.1:4000',
    backendProxyUrl: 'http://127.0.0.1:8000',
    apiOrigins: [],
    defaultLanguage: 'en',
    brandFolder: fileURLToPath(new URL('../brand', import.meta.url)),
  })
})

test('a variable that is set to nothing counts as not set', () => {
  expect(readEnv({ FRONTEND_PORT: '', AUTH_PROXY_URL: '', VITE_AUTH_URL: '' })).toEqual(readEnv({}))
})

test('another brand is found from the repository, or anywhere', () => {
  expect(readEnv({ BRAND_FOLDER: '../harbour' }).brandFolder).toBe(
    fileURLToPath(new URL('../../harbour', import.meta.url)),
  )
  expect(readEnv({ BRAND_FOLDER: '/harbour' }).brandFolder).toBe('/harbour')
})

test('services elsewhere are called at their origins', () => {
  const env = readEnv({ VITE_AUTH_URL: 'https://auth.example.com/', VITE_API_URL: 'https://api.example.com/v1' })
  expect(env.apiOrigins).toEqual(['https://auth.example.com', 'https://api.example.com'])
})

test.each([
  ['FRONTEND_PORT', '0'],
  ['AUTH_PORT', 'four'],
  ['BACKEND_PORT', '70000'],
  ['VITE_AUTH_URL', "'unsafe-inline'"],
  ['VITE_API_URL', 'javascript:alert(1)'],
  ['PUBLIC_URL', 'localhost'],
  ['DEFAULT_LANGUAGE', 'fr'],
])('%s=%s is refused by name', (name, value) => {
  expect(() => readEnv({ [name]: value })).toThrow(name)
})
