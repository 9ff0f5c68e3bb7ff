import { readFileSync } from 'node:fs'
import { pagePath, settingsPage } from '../settings-page/page.ts'
import type { Outcome } from './checks.ts'

export async function isSettingsPageCurrent(): Promise<Outcome> {
  if ((await settingsPage()) === readFileSync(pagePath, 'utf8')) return { code: 0, output: '' }
  return { code: 1, output: 'docs/settings.md does not show what .env.example and the services say\n' }
}
