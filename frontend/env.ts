import { fileURLToPath } from 'node:url'
import { brandFolder } from '../brand/src/read.ts'

const repository = fileURLToPath(new URL('..', import.meta.url))

/** The settings of the frontend's own servers (`vite`, `vite preview`) and of its build. */
export interface FrontendEnv {
  port: number
  /** Of `npm run dev -w frontend`, which runs next to a stack that has `port`. */
  devPort: number
  /** The address that the auth server trusts as this app's origin. */
  publicUrl: string
  authProxyUrl: string
  backendProxyUrl: string
  /** Origins other than our own that the pages may call: those of VITE_AUTH_URL and VITE_API_URL. */
  apiOrigins: string[]
  /** Of a browser that asks for none of the app's: built in. */
  defaultLanguage: string
  /** Where brand.json is. */
  brandFolder: string
}

type Source = Record<string, string | undefined>
type Fields = ReturnType<typeof createFields>

/** Throws naming every bad variable: a wrong port or address would otherwise fail at a user's sign-in. */
export function readEnv(source: Source): FrontendEnv {
  const fields = createFields(source)
  const env = read(fields, source)
  if (fields.errors.length > 0) throw new Error(fields.errors.join('\n'))
  return env
}

/** What `readEnv` would throw, one line for each variable. */
export function frontendErrors(source: Source): string[] {
  const fields = createFields(source)
  read(fields, source)
  return fields.errors
}

function read(fields: Fields, source: Source): FrontendEnv {
  const port = fields.port('FRONTEND_PORT', 3000)
  const here = (name: string, fallback: number) => `http://127.0.0.1:${fields.port(name, fallback)}`
  return {
    port,
    devPort: fields.port('FRONTEND_DEV_PORT', 5173),
    publicUrl: fields.origin('PUBLIC_URL') ?? `http://localhost:${port}`,
    authProxyUrl: fields.bareOrigin('AUTH_PROXY_URL') ?? here('AUTH_PORT', 4000),
    backendProxyUrl: fields.bareOrigin('BACKEND_PROXY_URL') ?? here('BACKEND_PORT', 8000),
    apiOrigins: ['VITE_AUTH_URL', 'VITE_API_URL'].flatMap((name) => fields.origin(name) ?? []),
    defaultLanguage: fields.oneOf('DEFAULT_LANGUAGE', ['en', 'de']),
    brandFolder: brandFolder(repository, source.BRAND_FOLDER),
  }
}

function createFields(source: Source) {
  const errors: string[] = []

  function port(name: string, fallback: number): number {
    const number = Number(source[name] || fallback)
    if (Number.isInteger(number) && number >= 1 && number <= 65_535) return number
    errors.push(`${name} is not a port number`)
    return fallback
  }

  function origin(name: string): string | undefined {
    const value = source[name]
    if (!value) return undefined
    if (/^https?:\/\//i.test(value) && URL.canParse(value)) return new URL(value).origin
    errors.push(`${name} is not an http(s) address`)
    return undefined
  }

  /** Requests keep their own path, so a path in the address would be dropped. */
  function bareOrigin(name: string): string | undefined {
    const found = origin(name)
    const value = source[name] ?? ''
    if (found !== undefined && new URL(value).href !== `${found}/`)
      errors.push(`${name} must be http(s)://host[:port] alone`)
    return found
  }

  function oneOf(name: string, [first = '', ...others]: readonly string[]): string {
    const value = source[name] || first
    if (value !== first && !others.includes(value)) errors.push(`${name} must be ${[first, ...others].join(' or ')}`)
    return value
  }

  return { errors, port, origin, bareOrigin, oneOf }
}
