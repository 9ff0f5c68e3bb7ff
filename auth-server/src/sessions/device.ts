import Bowser from 'bowser'

/** What somebody uses a session with, as far as the User-Agent header tells; null: it does not. Anybody can write that header. */
export type Device = {
  kind: 'computer' | 'phone' | 'tablet' | 'program' | null
  /** Of a program that is no browser: its name, such as `curl`. */
  browser: string | null
  system: string | null
}

/** As long as forward.ts lets it be. Rows that others have written may have more. */
const MAX_LENGTH = 512
/** The library takes parts of unknown headers for a name. */
const NAME = /^[A-Za-z][A-Za-z0-9 _.+-]{0,39}$/
const FIRST_PRODUCT = /^([A-Za-z][A-Za-z0-9_.+-]{0,39})(?:[/ ]|$)/

const KINDS = { desktop: 'computer', mobile: 'phone', tablet: 'tablet' } as const

export function deviceOf(userAgent: string | null): Device {
  const header = userAgent?.slice(0, MAX_LENGTH).trim() ?? ''
  if (header === '') return { kind: null, browser: null, system: null }
  const parser = Bowser.getParser(header, true)
  const [browser, system] = [nameIn(parser.getBrowserName()), nameIn(parser.getOSName())]
  const kind = kindOf(parser.getPlatformType())
  if (browser !== null && system !== null) return { kind, browser, system }
  const program = FIRST_PRODUCT.exec(header)?.[1] ?? null
  // Every browser begins with Mozilla, whatever it is.
  if (program === null || program === 'Mozilla') return { kind, browser, system }
  return { kind: 'program', browser: program, system }
}

function nameIn(name: string): string | null {
  return NAME.test(name) ? name : null
}

function kindOf(type: string): Device['kind'] {
  return Object.entries(KINDS).find(([name]) => name === type)?.[1] ?? null
}
