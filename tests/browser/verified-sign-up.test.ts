import { afterAll, beforeAll, expect } from 'vitest'
import type { Site } from './harness/built-site.ts'
import { alertText, atPage, homeLoaded, signIn, signUp } from './harness/forms.ts'
import { linkTo, mailTo } from './harness/inbox.ts'
import { startStrictSite } from './harness/strict-site.ts'
import { test } from './harness/test.ts'
import { newUser } from './harness/users.ts'

let site: Site

beforeAll(async () => {
  site = await startStrictSite()
}, 120_000)
afterAll(() => site.close())

test('a sign-up ends at a page that says where the mail is; its link and the password lead in', async ({
  newVisitor,
}) => {
  const { page } = await newVisitor()
  const ada = newUser()
  await page.goto(`${site.url}/sign-up`)
  await signUp(page, ada)
  await atPage(page, 'Check your email')

  await page.goto(await linkTo(ada.email))
  await atPage(page, 'Confirm your email address')
  await page.getByLabel('Password', { exact: true }).fill(ada.password)
  await page.getByRole('button', { name: 'Confirm' }).click()
  await homeLoaded(page)
})

test('a sign-up with an address that is taken ends at the same page, and its owner is told', async ({ newVisitor }) => {
  const { page } = await newVisitor()
  const ada = newUser()
  await page.goto(`${site.url}/sign-up`)
  await signUp(page, ada)
  await page.goto(await linkTo(ada.email))
  await page.getByLabel('Password', { exact: true }).fill(ada.password)
  await page.getByRole('button', { name: 'Confirm' }).click()
  await homeLoaded(page)

  const { page: elsewhere } = await newVisitor()
  await elsewhere.goto(`${site.url}/sign-up`)
  await signUp(elsewhere, { ...ada, password: 'another password of mine' })
  await atPage(elsewhere, 'Check your email')
  expect((await mailTo(ada.email, 2)).Subject).toBe('You already have an account')
})

test('who signs in before that is led to a new link', async ({ newVisitor }) => {
  const { page, expectStatus } = await newVisitor()
  expectStatus(403, '/api/auth/sign-in/email')
  const ada = newUser()
  await page.goto(`${site.url}/sign-up`)
  await signUp(page, ada)
  await atPage(page, 'Check your email')
  await page.goto(`${site.url}/sign-in`)
  await signIn(page, ada)
  await page.getByRole('alert').waitFor()
  expect(await alertText(page)).toContain('not confirmed yet')
  await page.getByRole('link', { name: 'Send a new link' }).click()
  await atPage(page, 'Confirm your email address')
  expect(await page.getByLabel('Email').inputValue()).toBe(ada.email)
  await page.getByRole('button', { name: 'Send link' }).click()
  await atPage(page, 'Check your email')
  await page.goto(await linkTo(ada.email, 2))
  await atPage(page, 'Confirm your email address')
})

test('where mails sign nobody in, no page offers it', async ({ newVisitor }) => {
  const { page } = await newVisitor()
  await page.goto(`${site.url}/sign-in`)
  await page.getByRole('link', { name: 'Forgot your password?' }).waitFor()
  expect(await page.getByRole('button', { name: /^Email me/ }).count()).toBe(0)
  await page.goto(`${site.url}/sign-in/email`)
  await atPage(page, 'Sign in')
  expect(new URL(page.url()).pathname).toBe('/sign-in')
})
