import { existsSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { join, normalize, resolve } from 'node:path'
import type { Connect, Plugin } from 'vite'
import { methodNotAllowed, notFound, sendError } from './errors.ts'
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
function redirectChangePassword(request: IncomingMessage, response: ServerResponse, next: Connect.NextFunction): void {
  if (pathOf(request) !== '/.well-known/change-password') {
    next()
    return
  }
  response.writeHead(302, { location: '/', 'cache-control': 'no-store' }).end()
}

function serveFiles(folder: string, headers: Record<string, string>): Connect.NextHandleFunction {
  return (request, response, next) => {
    const path = pathOf(request)
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value)
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.setHeader('allow', 'GET, HEAD')
      sendError(request, response, methodNotAllowed)
      return
    }
    // Otherwise the response would be the page, cached for a year under the name of a script of an older build.
    if (path.startsWith('/assets/') && !existsSync(join(folder, normalize(path)))) {
      sendError(request, response, notFound)
      return
    }
    response.setHeader('cache-control', cacheControl(path))
    next()
  }
}

/** The services' responses have headers of their own. */
function forPages(handle: Connect.NextHandleFunction): Connect.NextHandleFunction {
  return (request, response, next) =>
    /^\/api(\/|\?|$)/.test(request.url ?? '') ? next() : handle(request, response, next)
}

function pathOf(request: IncomingMessage): string {
  return (request.url ?? '/').split('?', 1)[0] ?? '/'
}
