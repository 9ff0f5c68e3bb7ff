import type { Context, Hono } from 'hono'
import type { Env } from '../env.ts'
import { HttpError, methodNotAllowed } from '../errors.ts'
import { createBase } from '../http/base.ts'
import type { HttpEnv } from '../http/context.ts'
import type { CountRequest } from '../http/metrics.ts'
import { takeTurns } from '../http/turns.ts'
import type { Log } from '../log.ts'
import { withAppUrl } from './app-url.ts'
import { withBrand } from './brand.ts'
import { type Contents, readSite, type Site, type SiteFile } from './files.ts'
import { chooseEncoding, hasCurrent, wantsPage } from './negotiation.ts'
import { cacheControl, isPage, NOT_STORED, PAGE_HEADERS, REDIRECTS } from './rules.ts'

type Parts = { env: Pick<Env, 'APP_URL' | 'PAGES_FOLDER' | 'brand'>; log: Log; count: CountRequest }
type Sent = { status: 200 | 404; headers: Record<string, string> }

/** The sign-in pages, for SERVE_PAGES. The same responses as Caddy's and those of `vite preview`: contract/pages.json. */
export function createPages({ env, log, count }: Parts): Hono<HttpEnv> {
  const site = readSite(env.PAGES_FOLDER, (built) => withAppUrl(branded(built, env, log), env.APP_URL ?? ''))
  return createBase({ log, count, headers: PAGE_HEADERS })
    .use(takeTurns())
    .use(async (c, next) => {
      await next()
      if (!c.res.headers.has('cache-control')) c.res.headers.set('cache-control', NOT_STORED)
    })
    .all('*', (c) => {
      const path = c.env.incoming.url?.split('?', 1)[0] ?? '/'
      c.set('route', path.startsWith('/assets/') ? '/assets/:file' : '/:page')
      return respond(c, site, path)
    })
}

function branded(built: Contents, { brand, PAGES_FOLDER }: Parts['env'], log: Log): Contents {
  const contents = withBrand(built, brand)
  if (!contents)
    log.warn({ folder: PAGES_FOLDER }, 'these pages have no place for a brand: they are served as they were built')
  return contents ?? built
}

async function respond(c: Context<HttpEnv>, { files, index }: Site, path: string): Promise<Response> {
  const location = REDIRECTS.get(path)
  if (location !== undefined) return c.redirect(location, 302)
  // Of Node's: Hono answers HEAD by what it would answer to GET.
  const { method } = c.env.incoming
  if (method !== 'GET' && method !== 'HEAD') throw methodNotAllowed(['GET', 'HEAD'])
  const file = isPage(path) ? index : files.get(decoded(path))
  if (file) return send(c, file, { status: 200, headers: { 'cache-control': cacheControl(path) } })
  // The app has a page for what is not there; what asks for no page gets the error body.
  c.header('vary', 'accept')
  if (!wantsPage(c.req.header('accept'))) throw new HttpError('NOT_FOUND', { headers: { vary: 'accept' } })
  return send(c, index, { status: 404, headers: { 'cache-control': NOT_STORED, vary: 'accept' } })
}

async function send(c: Context<HttpEnv>, file: SiteFile, { status, headers }: Sent): Promise<Response> {
  const encoding = file.isCompressible ? chooseEncoding(c.req.header('accept-encoding')) : undefined
  const vary = [headers.vary, file.isCompressible ? 'accept-encoding' : undefined].filter((name) => name !== undefined)
  // Another one for each encoding: they are other bytes.
  const etag = `"${file.hash}${encoding === undefined ? '' : `-${encoding}`}"`
  const common = { ...headers, ...(status === 200 && { etag }), ...(vary.length > 0 && { vary: vary.join(', ') }) }
  if (status === 200 && hasCurrent(c.req.header('if-none-match'), etag)) return c.body(null, 304, common)
  const body = encoding === undefined ? file.content : await file.encoded(encoding)
  return c.body(new Uint8Array(body), status, {
    ...common,
    'content-type': file.type,
    'content-length': String(body.length),
    ...(encoding !== undefined && { 'content-encoding': encoding }),
  })
}

/** Dot segments, encoded slashes and NULs have been refused (http/target.ts). What decodes to no text is no file. */
function decoded(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}
