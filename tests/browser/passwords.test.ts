import { expect } from 'vitest'
import { atPage, signIn, signOut, signUp } from './harness/forms.ts'
import { test } from './harness/test.ts'
import { existingUser, newUser } from './harness/users.ts'

const emailAttributes = {
  name: 'email',
  id: 'email',
  type: 'email',
  inputmode: 'email',
  autocapitalize: 'none',
  spellcheck: 'false',
}

test.for([
  ['/sign-in', 'username webauthn', 'current-password'],
  ['/sign-up', 'username', 'new-password'],
] as const)('a password manager knows the fields of %s', async ([path, username, autocomplete], { visit }) => {
  const { page } = await visit(path)
  // Until it is known what is offered, the fields are there unseen, and say less.
  await page.getByRole('heading', { level: 1 }).waitFor()
  const email = page.getByLabel('Email')
  const password = page.getByLabel('Password', { exact: true })

  for (const [name, value] of Object.entries(emailAttributes)) expect(await email.getAttribute(name)).toBe(value)
  expect(await email.getAttribute('autocomplete')).toBe(username)
  expect(await password.getAttribute('name')).toBe('password')
  expect(await password.getAttribute('id')).toBe('password')
  expect(await password.getAttribute('type')).toBe('password')
  expect(await password.getAttribute('autocomplete')).toBe(autocomplete)
  expect(await password.getAttribute('maxlength')).toBeNull()
  expect(await page.locator('form').count()).toBe(1)
  expect(await page.locator('form').getAttribute('method')).toBe('post')
})

test('a password manager knows the name field', async ({ visit }) => {
  const { page } = await visit('/sign-up')
  expect(await page.getByLabel('Name', { exact: true }).getAttribute('autocomplete')).toBe('name')
})

test('the form leaves the page after a sign-up', async ({ visit }) => {
  const { page } = await visit('/sign-up')
  await signUp(page, newUser())
  await atPage(page, /^Hello/)
  expect(await page.locator('input[type=password]').count()).toBe(0)
})

test('showing a password keeps the caret, and sending it hides it again', async ({ visit }) => {
  const { page, expectStatus } = await visit('/sign-in')
  expectStatus(401, '/api/auth/sign-in/email')
  const password = page.getByLabel('Password', { exact: true })
  const toggle = page.getByRole('button', { name: 'Show password' })
  await page.getByLabel('Email').fill(newUser().email)
  await password.fill('correct horse')
  await password.evaluate((field: HTMLInputElement) => field.setSelectionRange(3, 7))
  const caret = () =>
    password.evaluate((field: HTMLInputElement) => [
      field.selectionStart,
      field.selectionEnd,
      field === document.activeElement,
    ])

  await toggle.click()
  expect(await password.getAttribute('type')).toBe('text')
  expect(await toggle.getAttribute('aria-pressed')).toBe('true')
  expect(await caret()).toEqual([3, 7, true])
  await toggle.click()
  expect(await password.getAttribute('type')).toBe('password')
  expect(await caret()).toEqual([3, 7, true])

  await toggle.click()
  await password.press('Enter')
  await page.getByRole('alert').waitFor()
  expect(await password.getAttribute('type')).toBe('password')
  expect(await toggle.getAttribute('aria-pressed')).toBe('false')
})

test('a password can be pasted', async ({ visit }) => {
  const { page } = await visit('/sign-in')
  const ada = await existingUser()
  await page.getByLabel('Email').fill(ada.password)
  await page.getByLabel('Email').press('ControlOrMeta+a')
  await page.getByLabel('Email').press('ControlOrMeta+x')
  await page.getByLabel('Password', { exact: true }).press('ControlOrMeta+v')

  expect(await page.getByLabel('Password', { exact: true }).inputValue()).toBe(ada.password)
})

test('the page says so while Caps Lock is on', async ({ visit }) => {
  const { page } = await visit('/sign-in')
  const password = page.getByLabel('Password', { exact: true })
  const hint = page.getByRole('main').getByText('Caps Lock is on.')

  await password.dispatchEvent('keydown', { key: 'A', modifierCapsLock: true })
  await hint.waitFor()
  await password.dispatchEvent('keyup', { key: 'a', modifierCapsLock: false })
  await hint.waitFor({ state: 'detached' })
})

test('spaces in a password count', async ({ visit }) => {
  const { page, expectStatus } = await visit('/sign-up')
  expectStatus(401, '/api/auth/sign-in/email')
  const ada = { ...newUser(), password: '  with spaces  ' }
  await signUp(page, ada)
  await signOut(page)

  await signIn(page, { ...ada, password: 'with spaces' })
  await page.getByRole('alert').waitFor()
  await signIn(page, ada)

  await atPage(page, /^Hello/)
})
