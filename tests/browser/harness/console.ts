import type { BrowserContext } from 'playwright-core'

export interface ConsoleErrors {
  /** Every error and warning that no test has expected. */
  list: string[]
  /** Chromium writes every 4xx and 5xx to the console. 0 stands for "offline". */
  expectStatus: (status: number, path: string) => void
  /** Also of an uncaught error. */
  expectMessage: (pattern: RegExp) => void
}

/** Console errors and warnings (also of the CSP) and uncaught errors, of all pages of a context. */
export function collectConsoleErrors(context: BrowserContext): ConsoleErrors {
  const list: string[] = []
  const expected = new Set<string>()
  const patterns: RegExp[] = []

  context.on('console', (message) => {
    if (!['error', 'warning'].includes(message.type())) return
    const { pathname } = new URL(message.location().url || 'about:blank')
    const status = /^Failed to load resource: the server responded with a status of (\d+)/.exec(message.text())?.[1]
    const isOffline = /^Failed to load resource: net::ERR_INTERNET_DISCONNECTED/.test(message.text())
    if (status && expected.has(`${status} ${pathname}`)) return
    if (isOffline && expected.has(`0 ${pathname}`)) return
    if (patterns.some((pattern) => pattern.test(message.text()))) return
    list.push(`console ${message.type()}: ${message.text()} (${pathname})`)
  })
  context.on('weberror', (error) => {
    const { message, stack } = error.error()
    if (!patterns.some((pattern) => pattern.test(message))) list.push(`uncaught: ${stack}`)
  })

  return {
    list,
    expectStatus: (status, path) => expected.add(`${status} ${path}`),
    expectMessage: (pattern) => patterns.push(pattern),
  }
}
