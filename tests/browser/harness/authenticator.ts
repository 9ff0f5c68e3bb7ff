import { createHmac } from 'node:crypto'
import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { atPage } from './forms.ts'
import type { User } from './users.ts'

/** An authenticator app that got the key from the page. */
export class Authenticator {
  readonly #key: Buffer

  constructor(secret: string) {
    const bits = [...secret].map((char) => ALPHABET.indexOf(char).toString(2).padStart(5, '0')).join('')
    this.#key = Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)))
  }

  /** Of the half minute before this one, with time left in which it is accepted. */
  async earlierCode(): Promise<string> {
    await expect.poll(() => Date.now() % 30_000, { timeout: 15_000 }).toBeLessThan(20_000)
    return this.code(-1)
  }

  /** `ahead`: of the half minute after this one, or before it. Each code is right once. */
  code(ahead = 0): string {
    const counter = Buffer.alloc(8)
    counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + ahead))
    const digest = createHmac('sha1', this.#key).update(counter).digest()
    const offset = (digest[19] ?? 0) % 16
    return String((digest.readUInt32BE(offset) & 0x7fffffff) % 1_000_000).padStart(6, '0')
  }
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

export const twoFactorOf = (page: Page) => page.getByRole('region', { name: 'Two-factor authentication' })

/** On the account page, up to the QR code. */
export async function beginSetUp(page: Page, { password }: User): Promise<Authenticator> {
  await atPage(page, 'Your account')
  const section = twoFactorOf(page)
  await section.getByRole('button', { name: 'Set up' }).click()
  await section.getByLabel('Password', { exact: true }).fill(password)
  await section.getByRole('button', { name: 'Continue' }).click()
  await section.getByRole('img', { name: /^QR code/ }).waitFor()
  const shown = (await section.locator('.secret').textContent()) ?? ''
  return new Authenticator(shown.replace(/\s/g, ''))
}

/** On the account page, until it is on and the backup codes are saved. The code of the half minute before is used. */
export async function setUpApp(page: Page, user: User) {
  const app = await beginSetUp(page, user)
  const section = twoFactorOf(page)
  const usedCode = await app.earlierCode()
  await section.getByLabel('Code', { exact: true }).fill(usedCode)
  await section.getByRole('button', { name: 'Turn on' }).click()
  await section.getByRole('heading', { name: 'Save your backup codes' }).waitFor()
  const backupCodes = await section.locator('.codes li').allTextContents()
  await section.getByRole('button', { name: 'I have saved them' }).click()
  await section.getByText('10 codes are left').waitFor()
  return { app, usedCode, backupCodes }
}
