import createClient from 'openapi-fetch'
import openapi, { astToString } from 'openapi-typescript'
import { expect, test } from 'vitest'
import { newUser } from '../browser/harness/users.ts'
import { address } from './addresses.ts'
import type { paths } from './backend-api.ts'
import { createProgram } from './program.ts'

const HEADER =
  '// Made from the backend’s OpenAPI document by `make test-browser ARGS=-u`. It shows in a review what changed for clients.\n'

test('the committed types are those that openapi-typescript makes of the running backend', async () => {
  const document = await openapi(new URL(`${address('STACK_API_URL')}/openapi.json`))

  await expect(HEADER + astToString(document)).toMatchFileSnapshot('./backend-api.ts')
})

async function signedInClient() {
  const { client, token } = createProgram(address('STACK_AUTH_URL'))
  await client.signUp.email(newUser())
  return createClient<paths>({
    baseUrl: address('STACK_API_URL'),
    headers: { authorization: `Bearer ${token()}` },
  })
}

test('a typed client writes, lists and deletes notes', async () => {
  const backend = await signedInClient()

  const written = await backend.POST('/api/notes', { body: { text: 'milk' } })
  expect(written.data?.text).toBe('milk')
  expect(Date.parse(written.data?.createdAt ?? '')).toBeGreaterThan(0)
  const page = await backend.GET('/api/notes', { params: { query: { limit: 1 } } })
  expect([page.data?.notes, page.data?.nextCursor]).toEqual([[written.data], null])
  const path = { note_id: written.data?.id ?? '' }
  expect((await backend.DELETE('/api/notes/{note_id}', { params: { path } })).error).toBeUndefined()
  const gone = await backend.DELETE('/api/notes/{note_id}', { params: { path } })
  expect([gone.response.status, gone.error?.code]).toEqual([404, 'NOT_FOUND'])
})

test('a typed client gets a refusal as an error with its code', async () => {
  const nobody = createClient<paths>({ baseUrl: address('STACK_API_URL') })

  const { data, error, response } = await nobody.GET('/api/me')

  expect([data, error?.code]).toEqual([undefined, 'SESSION_REQUIRED'])
  expect(response.headers.get('www-authenticate')).toBe('Bearer')
})
