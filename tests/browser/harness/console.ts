import type { BrowserContext, Request } from 'playwright-core'

export interface ConsoleErrors {
  /** Every error and warning that no test has expected. */
  list: string[]
  /** Chromium writes every 4xx and 5xx to the console. */
  expectStatus: (status: number, path: string) => void
  /** Also of an uncaught error. */
  expectMessage: (pattern: RegExp) => void
}

/** What Chromium says of whatever a page asks for while it is offline: that may be more than the test does. */
export const OFFLINE = /net::ERR_INTERNET_DISCONNECTED/

/** Console errors and warnings (also of the CSP) and uncaught errors, of all pages of a context. */
export function collectConsoleErrors(context: BrowserContext): ConsoleErrors {
  const list: string[] = []
  const expected = new Set<string>()
  const patterns: RegExp[] = []

  const isOfSignOut = watchSignOuts(context)
  context.on('console', (message) => {
    if (!['error', 'warning'].includes(message.type())) return
    const { pathname } = new URL(message.location().url || 'about:blank')
    const status = /^Failed to load resource: the server responded with a status of (\d+)/.exec(message.text())?.[1]
    if (status && expected.has(`${status} ${pathname}`)) return
    if (status === '401' && isOfSignOut(pathname)) return
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

/**
 * Who signs out does not wait for what the page still loads. It is refused then, which nobody sees but the console.
 *
 * @returns whether a 401 was for a request that ran beside a sign-out; each counts once
 */
function watchSignOuts(context: BrowserContext): (path: string) => boolean {
  const running = new Set<Request>()
  const beside = new Set<Request>()
  const pathOf = (request: Request) => new URL(request.url()).pathname
  context.on('request', (request) => {
    running.add(request)
    if ([...running].some((one) => pathOf(one) === '/api/auth/sign-out')) for (const one of running) beside.add(one)
  })
  context.on('response', (response) => response.status() !== 401 && beside.delete(response.request()))
  context.on('requestfinished', (request) => running.delete(request))
  context.on('requestfailed', (request) => running.delete(request))
  return (path) => {
    const refused = [...beside].find((request) => pathOf(request) === path)
    return refused !== undefined && beside.delete(refused)
  }
}
