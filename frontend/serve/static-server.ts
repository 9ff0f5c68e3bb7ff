import { existsSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { join, normalize, resolve } from 'node:path'
import type { Connect, Plugin } from 'vite'
import { answerError, methodNotAllowed, notFound } from './errors.ts'
import { cacheControl } from './headers.ts'

/** What a static web server in front of the app does, for `vite preview`: headers, caching, and honest 404s for files. */
export function staticServer(headers: Record<string, string>): Plugin {
  return {
    name: 'static-server',
    configureServer: ({ middlewares }) => {
      middlewares.use(redirectChangePassword)
    },
    configurePreviewServer: ({ middlewares, config }) => {
      middlewares.use(forPages(redirectChangePassword))
      middlewares.use(forPages(serveFiles(resolve(config.root, config.build.outDir), headers)))
    },
  }
}

/** https://w3c.github.io/webappsec-change-password-url/ : password managers send people here. */
function redirectChangePassword(request: IncomingMessage, answer: ServerResponse, next: Connect.NextFunction): void {
  if (pathOf(request) !== '/.well-known/change-password') {
    next()
    return
  }
  answer.writeHead(302, { location: '/', 'cache-control': 'no-store' }).end()
}

function serveFiles(folder: string, headers: Record<string, string>): Connect.NextHandleFunction {
  return (request, answer, next) => {
    const path = pathOf(request)
    for (const [name, value] of Object.entries(headers)) answer.setHeader(name, value)
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      answer.setHeader('allow', 'GET, HEAD')
      answerError(request, answer, methodNotAllowed)
      return
    }
    // Without this the page itself would be answered, and kept for a year, under the name of a script of an older build.
    if (path.startsWith('/assets/') && !existsSync(join(folder, normalize(path)))) {
      answerError(request, answer, notFound)
      return
    }
    answer.setHeader('cache-control', cacheControl(path))
    next()
  }
}

/** The services' answers carry headers of their own. */
function forPages(handle: Connect.NextHandleFunction): Connect.NextHandleFunction {
  return (request, answer, next) => (/^\/api(\/|\?|$)/.test(request.url ?? '') ? next() : handle(request, answer, next))
}

function pathOf(request: IncomingMessage): string {
  return (request.url ?? '/').split('?', 1)[0] ?? '/'
}
