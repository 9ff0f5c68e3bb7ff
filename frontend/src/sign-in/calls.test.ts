import { expect, test } from 'vitest'
import { formOf, issuesOf } from '../../test/forms.ts'
import { clientOf } from '../../test/service.ts'
import { ruleTexts } from '../components/form/texts.ts'
import { readSignIn, signIn } from './calls.ts'

const good = { email: 'ada@example.com', password: 'correct horse' }

test('an empty form names both fields', async () => {
  expect(await issuesOf(() => readSignIn(formOf({ email: '', password: '' })))).toEqual([
    ['email', ruleTexts.emailMissing.en],
    ['password', ruleTexts.passwordMissing.en],
  ])
})

test.each(['ada', 'ada@', '@example.com', 'ada@example', 'a b@example.com', 'ada@@example.com'])(
  'the email %j is refused',
  async (email) => {
    expect(await issuesOf(() => readSignIn(formOf({ ...good, email })))).toEqual([['email', ruleTexts.emailInvalid.en]])
  },
)

test.each(['a&b@example.com', 'a=b@example.com', 'a/b@example.com', 'a!b@example.com', "o'brien+x@example.com"])(
  'the email %j is accepted',
  async (email) => {
    expect(await issuesOf(() => readSignIn(formOf({ ...good, email })))).toEqual([])
  },
)

test('an old password that is too short by today’s rules is accepted', async () => {
  expect(await issuesOf(() => readSignIn(formOf({ ...good, password: 'old' })))).toEqual([])
})

test('spaces around the email are removed, those of the password are kept', () => {
  const read = readSignIn(formOf({ email: ' ada@example.com ', password: ' secret ' }))
  expect(read).toEqual({ email: 'ada@example.com', password: ' secret ' })
})

test('a sign-in sends JSON with the password exactly as typed', async () => {
  const received: string[] = []
  const auth = await clientOf((request, response) => {
    received.push(`${request.method} ${request.url} ${request.headers['content-type']}`)
    request.on('data', (chunk) => received.push(String(chunk)))
    request.on('end', () => response.end(JSON.stringify({ token: 't', user: { id: '1', email: 'a@b.c', name: 'A' } })))
  })

  await signIn(auth, { email: 'a@b.c', password: '  päss wörd ' })

  expect(received).toEqual([
    'POST /api/auth/sign-in/email application/json',
    JSON.stringify({ email: 'a@b.c', password: '  päss wörd ' }),
  ])
})
