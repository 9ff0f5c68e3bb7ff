import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { findAccessibilityErrors } from './harness/accessibility.ts'
import { sendMail } from './harness/mail.ts'
import { scratchPicture } from './harness/pictures.ts'
import { stack } from './harness/stack.ts'
import { test } from './harness/test.ts'
import { newUser } from './harness/users.ts'

const mail = (subject: string, ...lines: string[]) => [
  'From: The team <team@example.com>',
  'To: Ada <ada@example.com>',
  `Subject: ${subject}`,
  ...(lines.length > 0 ? lines : ['', 'Hello']),
]

const both = [
  'Content-Type: multipart/alternative; boundary=x',
  '',
  ...['--x', 'Content-Type: text/plain', '', `The text: ${stack.frontendUrl}/sign-in`, '--x'],
  ...['Content-Type: text/html', '', '<p>The page: <a href="https://example.com/">a link</a></p>'],
  '<script>document.body.textContent = "has run"</script><img src="https://example.com/pixel.png">--x--',
]

/** Nobody else's mail has this subject. */
const newSubject = (what: string) => `${what} ${newUser().email}`

test('a mail arrives while the list is looked at, and moves neither the focus nor what is read', async ({
  newVisitor,
}) => {
  const { page } = await newVisitor({ locale: 'en-GB', timezoneId: 'Europe/Berlin' })
  const [first, second] = [newSubject('First'), newSubject('Second')]
  await sendMail('ada@example.com', mail(first))
  await page.goto(stack.mailUrl)
  const firstRow = page.getByRole('link', { name: first })
  await firstRow.focus()
  await page.evaluate('window.isSamePage = true')

  await sendMail('ada@example.com', mail(second))

  const secondRow = page.getByRole('link', { name: second })
  await secondRow.waitFor()
  expect(await page.evaluate('isSamePage')).toBe(true)
  expect(await firstRow.evaluate((row) => row === document.activeElement)).toBe(true)
  // Mails of other tests arrive as well, and later.
  const subjects = await page.getByRole('listitem').locator('.what').allTextContents()
  expect(subjects.filter((subject) => [first, second].includes(subject))).toEqual([second, first])
  expect(await secondRow.innerText()).toContain('To Ada <ada@example.com> from The team <team@example.com>')
})

test.for([
  ['en-GB', /\d{1,2} \w{3} \d{4}, \d{2}:\d{2}/, 'now'],
  ['de', /\d{2}\.\d{2}\.\d{4}, \d{2}:\d{2}/, 'jetzt'],
] as const)(
  'a reader in %s sees when a mail came, as a date and as a distance',
  async ([locale, date, now], { newVisitor }) => {
    const { page } = await newVisitor({ locale })
    const subject = newSubject('When')
    await sendMail('ada@example.com', mail(subject))

    await page.goto(stack.mailUrl)

    const time = page.getByRole('link', { name: subject }).locator('time')
    await expect.poll(() => time.innerText()).toMatch(date)
    expect(await time.innerText()).toContain(now)
    expect(await time.getAttribute('lang')).toBe(locale)
  },
)

test('a mail is read as HTML, which runs and loads nothing, and as text with links', async ({ newVisitor }) => {
  const { page, expectMessage } = await newVisitor()
  expectMessage(/Blocked script execution|violates the following Content Security Policy/)
  const subject = newSubject('Both')
  await sendMail('ada@example.com', mail(subject, ...both))
  await page.goto(stack.mailUrl)
  await page.getByRole('link', { name: subject }).click()
  await page.getByRole('heading', { level: 1, name: subject }).waitFor()

  const frame = page.frameLocator('iframe')
  await frame.getByRole('link', { name: 'a link' }).waitFor()
  expect(await frame.locator('body').innerText()).not.toContain('has run')

  await page.getByRole('link', { name: 'As text' }).click()
  const link = page.getByRole('link', { name: `${stack.frontendUrl}/sign-in` })
  expect(await link.getAttribute('rel')).toBe('noreferrer')
  expect(await page.locator('iframe').count()).toBe(0)
})

test('a mail that is not there says so, and leads to those that are', async ({ newVisitor }) => {
  const { page, expectStatus } = await newVisitor()
  expectStatus(404, '/mail/0000')
  const response = await page.goto(`${stack.mailUrl}/mail/0000`)
  expect(response?.status()).toBe(404)
  await page.getByRole('heading', { name: 'This mail is not here' }).waitFor()
  expect(await findAccessibilityErrors(page)).toEqual([])

  await page.getByRole('link', { name: 'All mails' }).click()

  await page.getByRole('heading', { level: 1, name: 'Mail inbox' }).waitFor()
})

test.for([
  ['light', 1280],
  ['light', 320],
  ['dark', 1280],
  ['dark', 320],
] as const)(
  'list and mail have their contrast and scroll nowhere sideways: %s, %i px',
  async ([colorScheme, width], { newVisitor }) => {
    const { page } = await newVisitor({ colorScheme, viewport: { width, height: 700 } })
    const subject = newSubject('A long subject, as some mails have one, with an unbreakable address')
    await sendMail('ada@example.com', mail(subject, '', `Hello: ${stack.frontendUrl}/${'x'.repeat(200)}`))
    await page.goto(stack.mailUrl)
    await look(page, `inbox-${colorScheme}-${width}`)
    await page.emulateMedia({ colorScheme })
    await page.getByRole('link', { name: subject }).click()
    await page.getByRole('heading', { level: 1, name: subject }).waitFor()
    await look(page, `mail-${colorScheme}-${width}`)
  },
)

async function look(page: Page, name: string) {
  expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0)
  await page.screenshot({ path: scratchPicture(name) })
  expect(await findAccessibilityErrors(page)).toEqual([])
}
