import { expect } from 'vitest'
import { alertText, atPage, homeLoaded, pathOf } from './harness/forms.ts'
import { askOnSignInPage, readSignInMail, submit, verifiedUser } from './harness/mailed-sign-in.ts'
import { test } from './harness/test.ts'
import { newUser } from './harness/users.ts'

const LINK = '/api/auth/magic-link/verify'

test('a link signs in wherever it is opened, and leads to the page that was wanted', async ({ visit, newVisitor }) => {
  const ada = await verifiedUser()
  const { page } = await visit('/account')
  await askOnSignInPage(page, ada.email)
  const { link } = await readSignInMail(ada.email)

  const { page: phone, expectStatus } = await newVisitor()
  expectStatus(400, LINK)
  await phone.goto(link)
  await atPage(phone, 'Sign in')
  expect(new URL(phone.url()).hash).toBe('')
  await phone.getByText(`You are about to sign in as ${ada.email}.`).waitFor()
  await submit(phone)
  await atPage(phone, 'Your account')

  await phone.goto('about:blank')
  await phone.goto(link)
  await phone.getByText(`You are about to sign in as ${ada.email}.`).waitFor()
  await submit(phone)
  await phone.getByRole('alert').waitFor()
  expect(await alertText(phone)).toContain('This link has been used')
  await phone.getByRole('link', { name: 'Ask for a new link' }).waitFor()
})

test('a link that claims to be for another address signs nobody in', async ({ visit }) => {
  const [ada, bob] = [await verifiedUser(), newUser()]
  const { page, expectStatus } = await visit('/sign-in')
  expectStatus(400, LINK)
  await askOnSignInPage(page, ada.email)
  const { link } = await readSignInMail(ada.email)
  await page.goto(link.replace(encodeURIComponent(ada.email), encodeURIComponent(bob.email)))
  await page.getByText(`You are about to sign in as ${bob.email}.`).waitFor()
  await submit(page)
  await page.getByRole('alert').waitFor()
  await page.goto(new URL('/', page.url()).href)
  await atPage(page, 'Sign in')
})

test.for(['https%3A%2F%2Fevil.example', '%2F%2Fevil.example', 'javascript%3Aalert(1)'])(
  'a link with next=%s leads nowhere else',
  async (next, { visit }) => {
    const ada = await verifiedUser()
    const { page } = await visit('/sign-in')
    await askOnSignInPage(page, ada.email)
    const { link } = await readSignInMail(ada.email)
    await page.goto(`${link}&next=${next}`.replace(/&next=%2F(?=&)/, ''))
    await page.getByText('You are about to sign in').waitFor()
    await submit(page)
    await homeLoaded(page)
    expect(pathOf(page)).toBe('/')
  },
)

test('without a link the page says where to find it', async ({ visit }) => {
  const { page } = await visit('/sign-in/link')
  await atPage(page, 'Open the link in the email')
  await page.getByRole('link', { name: 'Ask for a new link' }).click()
  await atPage(page, 'Sign in by email')
})

test('who is signed in as somebody else is told so', async ({ visitAs }) => {
  const bob = newUser('Bob')
  const { page } = await visitAs(bob, '/sign-in/link#token=x&email=ada%40example.com')
  await page.getByText(`This browser is now signed in as ${bob.email}.`).waitFor()
})
