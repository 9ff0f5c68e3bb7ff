import { writeFileSync } from 'node:fs'
import { pagePath, settingsPage } from './page.ts'

writeFileSync(pagePath, await settingsPage())
