import { readOptionalText } from '../api/read.ts'
import type { Translated } from '../texts/texts.ts'
import type { deviceTexts } from './texts.ts'

/** What somebody was signed in with, as far as the auth server could tell. */
export interface Device {
  kind: string | null
  browser: string | null
  system: string | null
}

export function readDevice(body: unknown): Device {
  return {
    kind: readOptionalText(body, 'kind'),
    browser: readOptionalText(body, 'browser'),
    system: readOptionalText(body, 'system'),
  }
}

export function deviceName({ browser, system }: Device, texts: Translated<typeof deviceTexts>): string {
  if (browser !== null && system !== null) return `${browser} ${texts.onSystem(system)}`
  return browser ?? system ?? texts.unknownDevice
}
