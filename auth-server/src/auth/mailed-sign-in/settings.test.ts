import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { signUp } from '../../../test/client.ts'
import { type MailedStack, startMailedStack } from '../../../test/mailed.ts'
import { askFor } from '../../../test/mailed-sign-in.ts'

let stack: MailedStack
const codeOf = async (response: Response) => ((await response.json()) as { code?: string }).code
const featuresOf = async () => (await (await stack.somebody().get('/features')).json()) as object

describe('with links alone', () => {
  beforeAll(async () => {
    stack = await startMailedStack({ EMAIL_CODE: 'false' })
  })
  afterAll(() => stack.stop())

  test('the mail has no code, and no code can be asked for', async () => {
    expect(await featuresOf()).toMatchObject({ magicLink: true, emailCode: false })
    const { email } = await signUp(stack)
    const browser = await askFor(stack, email)
    expect([...browser.jar.keys()]).toEqual([])
    const { text } = await stack.mail.next(email)
    expect(text).not.toMatch(/code|^\d{6}$/m)
    expect(text).toContain('15 minutes')
    const refused = await browser.post('/email-otp/send-verification-otp', { email })
    expect([refused.status, await codeOf(refused)]).toEqual([400, 'EMAIL_CODE_DISABLED'])
    const { token } = await stack.link(email)
    expect((await browser.post('/magic-link/verify', { token, email })).status).toBe(200)
  })
})

describe('with codes alone', () => {
  beforeAll(async () => {
    stack = await startMailedStack({ MAGIC_LINK: 'false' })
  })
  afterAll(() => stack.stop())

  test('the mail has no link, and no link can be asked for', async () => {
    expect(await featuresOf()).toMatchObject({ magicLink: false, emailCode: true })
    const { email } = await signUp(stack)
    const browser = stack.somebody()
    expect((await browser.post('/email-otp/send-verification-otp', { email })).status).toBe(200)
    const { text } = await stack.mail.next(email)
    expect(text).not.toMatch(/link|#token/)
    expect(text).toContain('10 minutes')
    const refused = await browser.post('/sign-in/magic-link', { email })
    expect([refused.status, await codeOf(refused)]).toEqual([400, 'MAGIC_LINK_DISABLED'])
    const otp = /^\d{6}$/m.exec(text)?.[0]
    expect((await browser.post('/sign-in/email-otp', { email, otp })).status).toBe(200)
  })
})
