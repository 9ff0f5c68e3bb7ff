import type { Locator } from 'playwright-core'
import { expect } from 'vitest'
import { alertText, atPage, pathOf, signIn, signOut, signUp } from './harness/forms.ts'
import { test } from './harness/test.ts'
import { existingUser, newUser, signUpStatus } from './harness/users.ts'

const SIGN_UP = '/api/auth/sign-up/email'

test('a sign-up leads to a page with the user’s profile and no notes yet', async ({ visit }) => {
  const { page } = await visit('/')
  const ada = newUser('Ada Lovelace')
  await page.getByRole('link', { name: 'Create an account' }).click()
  await signUp(page, ada)

  await atPage(page, 'Hello, Ada Lovelace')
  const profile = page.getByRole('region', { name: 'Your profile' })
  await profile.getByText(ada.email).waitFor()
  await profile.getByText(/^Member since/).waitFor()
  await page.getByText('No notes yet').waitFor()
  expect(pathOf(page)).toBe('/')
})

test('a reload keeps the user signed in', async ({ visitAs }) => {
  const { page } = await visitAs(newUser())
  await atPage(page, /^Hello/)

  await page.reload()

  await atPage(page, /^Hello/)
})

test('a taken email shows its error at the field, and what was typed stays', async ({ visit }) => {
  const { page, expectStatus } = await visit('/sign-up')
  expectStatus(422, SIGN_UP)
  const taken = await existingUser()

  await signUp(page, { ...newUser('Eve'), email: taken.email })

  await page
    .getByRole('alert')
    .getByRole('link', { name: /account with this email already exists/ })
    .click()
  const email = page.getByLabel('Email')
  expect(await email.evaluate((field) => field === document.activeElement)).toBe(true)
  expect(await email.getAttribute('aria-invalid')).toBe('true')
  expect(await email.inputValue()).toBe(taken.email)
  expect(await page.getByLabel('Name', { exact: true }).inputValue()).toBe('Eve')
})

test('a taken email leads to the sign-in page, which has it already; Back restores the form', async ({ visit }) => {
  const { page, expectStatus } = await visit('/sign-up?next=%2F%3Ffrom%3Dmail')
  expectStatus(422, SIGN_UP)
  const taken = await existingUser()
  await signUp(page, { ...newUser('Eve'), email: taken.email })
  const summary = page.getByRole('alert')
  await summary.getByText('account with this email already exists').waitFor()
  expect(await alertText(page)).not.toContain('For support')

  await summary.getByRole('link', { name: 'Sign in with this email' }).click()

  await atPage(page, 'Sign in')
  expect(pathOf(page)).toBe('/sign-in?next=%2F%3Ffrom%3Dmail')
  expect(await page.getByLabel('Email').inputValue()).toBe(taken.email)
  await page.goBack()
  await atPage(page, 'Create your account')
  expect(await page.getByLabel('Email').inputValue()).toBe(taken.email)
  expect(await page.getByLabel('Name', { exact: true }).inputValue()).toBe('Eve')
  expect(await page.getByLabel('Password', { exact: true }).inputValue()).toBe('')
  await page.goForward()
  await signIn(page, taken)
  await atPage(page, /^Hello/)
})

test('an email is carried between the pages without a session, and forgotten with the sign-in', async ({ visit }) => {
  const { page } = await visit('/sign-in')
  const ada = newUser('Ada')
  await page.getByLabel('Email').fill(ada.email)
  await page.getByRole('link', { name: 'Create an account' }).click()
  await atPage(page, 'Create your account')
  expect(await page.getByLabel('Email').inputValue()).toBe(ada.email)
  await signUp(page, ada)

  await signOut(page)

  expect(await page.getByLabel('Email').inputValue()).toBe('')
})

test('an email in capital letters is the same email', async ({ visit }) => {
  const { page, expectStatus } = await visit('/sign-up')
  expectStatus(422, SIGN_UP)
  const taken = await existingUser()

  await signUp(page, { ...newUser(), email: taken.email.toUpperCase() })

  await page.getByRole('alert').waitFor()
  expect(await alertText(page)).toContain('account with this email already exists')
})

test.for([
  ['seven letters', '1234567', 'at least 8 characters'],
  ['129 letters', 'x'.repeat(129), 'at most 128 characters'],
  ['nothing', '', 'Enter your password'],
] as const)('a password of %s is refused before it is sent', async ([, password, message], { visit }) => {
  const { page } = await visit('/sign-up')
  const sent: string[] = []
  page.on('request', (request) => sent.push(request.method()))

  await signUp(page, { ...newUser(), password })

  await page.getByRole('alert').waitFor()
  expect(await alertText(page)).toContain(message)
  expect(sent).not.toContain('POST')
})

test.for([64, 65, 127, 128])('page and server accept a password of %i emoji', async (count, { visit }) => {
  const { page } = await visit('/sign-up')
  const user = { ...newUser(), password: '😀'.repeat(count) }

  await signUp(page, user)

  await atPage(page, /^Hello/)
})

test('page and server refuse a password of 129 emoji', async ({ visit }) => {
  const { page } = await visit('/sign-up')
  const user = { ...newUser(), password: '😀'.repeat(129) }

  await signUp(page, user)

  await page.getByRole('alert').waitFor()
  expect(await alertText(page)).toContain('at most 128 characters')
  expect(await signUpStatus(user)).toBe(400)
})

test('128 characters of any kind make a password', async ({ visit }) => {
  const { page } = await visit('/sign-up')

  await signUp(page, { ...newUser(), password: [...'ü 漢😀 '.repeat(26)].slice(0, 128).join('') })

  await atPage(page, /^Hello/)
})

test('an empty form names every field that it needs, takes the focus, and leads to them', async ({ visit }) => {
  const { page } = await visit('/sign-up')
  await page.getByRole('button', { name: 'Create account' }).click()

  const summary = page.getByRole('alert')
  await summary.waitFor()
  expect(await summary.evaluate((box) => box === document.activeElement)).toBe(true)
  expect(await summary.getByRole('link').allTextContents()).toEqual([
    'Enter your email address.',
    'Enter your password.',
  ])
  await summary.getByRole('link', { name: 'Enter your email address.' }).click()
  const email = page.getByLabel('Email')
  expect(await email.evaluate((field) => field === document.activeElement)).toBe(true)
  expect(await describing(email)).toBe('Enter your email address.')
})

test('without a name, the account is named by its address', async ({ visit }) => {
  const { page } = await visit('/sign-up')
  const user = newUser('')

  await signUp(page, user)

  await atPage(page, `Hello, ${user.email.split('@')[0]}`)
})

test('a name full of HTML is shown as it was typed', async ({ visit }) => {
  const { page } = await visit('/sign-up')
  const name = '<img src=x onerror=alert(1)><script>alert(2)</script>{{7*7}}'
  page.on('dialog', () => expect.unreachable('the name ran as code'))

  await signUp(page, newUser(name))

  await atPage(page, `Hello, ${name}`)
  await page.getByRole('region', { name: 'Your profile' }).getByText(name).waitFor()
  expect(await page.locator('main img, main script').count()).toBe(0)
})

function describing(field: Locator): Promise<string> {
  return field.evaluate((input) =>
    (input.getAttribute('aria-describedby') ?? '')
      .split(' ')
      .map((id) => document.getElementById(id)?.textContent ?? '')
      .join(' '),
  )
}
