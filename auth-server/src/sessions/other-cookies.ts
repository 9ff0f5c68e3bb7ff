import type { MiddlewareHandler } from 'hono'
import type { Env } from '../env.ts'
import type { HttpEnv } from '../http/context.ts'
import { cookieAttributes, hasOwnCookie, readCandidates } from './cookies.ts'

type CookieEnv = Pick<Env, 'NODE_ENV' | 'PUBLIC_URL' | 'COOKIE_DOMAIN'>

/**
 * Cookies of one name with another Domain, from before COOKIE_DOMAIN was changed, are others for a browser: it sends both, the older one
 * first, and that one would count. So whenever a cookie is set or taken back, those that the browser may have beside it are
 * taken back too. Not for a browser that has sent none.
 */
export function takeBackOthers(env: CookieEnv): MiddlewareHandler<HttpEnv> {
  const others = otherDomains(env)
  return async (c, next) => {
    await next()
    if (others.length === 0) return
    const sent = c.req.header('cookie') ?? ''
    for (const setCookie of c.res.headers.getSetCookie()) {
      const [, name = '', path = '/'] = /^([^=]+)=.*?; Path=([^;]+)/.exec(setCookie) ?? []
      if (!isOwn(name) || !readCandidates(sent, name).isPresent) continue
      for (const COOKIE_DOMAIN of others) {
        c.res.headers.append('set-cookie', `${name}=; ${cookieAttributes({ ...env, COOKIE_DOMAIN }, 0, path)}`)
      }
    }
  }
}

const isOwn = (name: string) => hasOwnCookie(`${name}=x`) || name.endsWith('known_device')

/** Undefined: without a Domain. A browser takes none for a single label, and ignores one that its host is not in. */
export function otherDomains({ PUBLIC_URL, COOKIE_DOMAIN }: CookieEnv): (string | undefined)[] {
  const labels = new URL(PUBLIC_URL).hostname.split('.')
  const isAddress = labels.every((label) => /^\d*$/.test(label)) || PUBLIC_URL.includes('[')
  if (isAddress || labels.length < 2) return []
  const domains = labels.slice(0, -1).map((_, index) => labels.slice(index).join('.'))
  return [undefined, ...domains].filter((domain) => domain !== COOKIE_DOMAIN)
}
