import { createReadStream, statSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { join, resolve } from 'node:path'
import type { Connect, Plugin } from 'vite'
import { methodNotAllowed, notFound, sendError } from './errors.ts'
import { cacheControl } from './headers.ts'
import { pagePattern } from './pages.ts'

export interface Site {
  headers: Record<string, string>
  /** Of the app's pages. */
  paths: readonly string[]
}

/** What a static web server in front of the app does, for `vite preview`: headers, caching, and honest 404s. */
export function staticServer(site: Site): Plugin {
  return {
    name: 'static-server',
    configureServer: ({ middlewares }) => {
      middlewares.use(redirect)
    },
    configurePreviewServer: ({ middlewares, config }) => {
      middlewares.use(forPages(redirect))
      middlewares.use(forPages(serveFiles(resolve(config.root, config.build.outDir), site)))
    },
  }
}

export const redirects: Record<string, string> = {
  // https://w3c.github.io/webappsec-change-password-url/ : password managers send people here.
  '/.well-known/change-password': '/account#change-password',
  // To the app this is no page: it would say so, with the status of one that exists.
  '/index.html': '/',
}

function redirect(request: IncomingMessage, response: ServerResponse, next: Connect.NextFunction): void {
  const location = redirects[pathOf(request)]
  if (location === undefined) next()
  else response.writeHead(302, { location, 'cache-control': 'no-store' }).end()
}

function serveFiles(folder: string, { headers, paths }: Site): Connect.NextHandleFunction {
  const pages = new RegExp(pagePattern(paths), 'i')
  return (request, response, next) => {
    const path = pathOf(request)
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value)
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.setHeader('allow', 'GET, HEAD')
      sendError(request, response, methodNotAllowed)
      return
    }
    if (!pages.test(path) && !isFile(folder, path)) {
      sendNotFound(request, response, folder)
      return
    }
    response.setHeader('cache-control', cacheControl(path))
    next()
  }
}

/** A browser that asks for a page gets the app, which says that there is none; everyone else gets the error body. */
function sendNotFound(request: IncomingMessage, response: ServerResponse, folder: string): void {
  response.setHeader('vary', 'accept')
  if (!request.headers.accept?.includes('text/html')) {
    sendError(request, response, notFound)
    return
  }
  response.writeHead(404, { 'content-type': 'text/html;charset=utf-8', 'cache-control': 'no-store' })
  if (request.method === 'HEAD') response.end()
  else createReadStream(join(folder, 'index.html')).pipe(response)
}

/** Not for what decodes to nothing, or to more than one path: `target.ts` has refused encoded slashes and dot segments. */
function isFile(folder: string, path: string): boolean {
  try {
    return statSync(join(folder, decodeURIComponent(path))).isFile()
  } catch {
    return false
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
