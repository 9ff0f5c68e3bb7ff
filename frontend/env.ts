/** What the frontend's own servers (`vite`, `vite preview`) and its build are told from outside. */
export interface FrontendEnv {
  port: number
  /** Where `npm run dev -w frontend` listens, beside a stack that already has `port`. */
  devPort: number
  /** The address that the auth server trusts as this app's origin. */
  publicUrl: string
  authProxyUrl: string
  backendProxyUrl: string
  /** Origins other than our own that the pages may call: those of VITE_AUTH_URL and VITE_API_URL. */
  apiOrigins: string[]
}

/** Throws naming the variable: a wrong port or address would otherwise fail at somebody's sign-in. */
export function readEnv(source: Record<string, string | undefined>): FrontendEnv {
  const port = readPort(source, 'FRONTEND_PORT', 3000)
  return {
    port,
    devPort: readPort(source, 'FRONTEND_DEV_PORT', 5173),
    publicUrl: readOrigin('PUBLIC_URL', source.PUBLIC_URL || `http://localhost:${port}`),
    authProxyUrl: source.AUTH_PROXY_URL || `http://127.0.0.1:${readPort(source, 'AUTH_PORT', 4000)}`,
    backendProxyUrl: source.BACKEND_PROXY_URL || `http://127.0.0.1:${readPort(source, 'BACKEND_PORT', 8000)}`,
    apiOrigins: ['VITE_AUTH_URL', 'VITE_API_URL'].flatMap((name) => {
      const url = source[name]
      return url ? [readOrigin(name, url)] : []
    }),
  }
}

function readPort(source: Record<string, string | undefined>, name: string, fallback: number): number {
  const port = Number(source[name] || fallback)
  if (!Number.isInteger(port) || port < 1 || port > 65_535) throw new Error(`${name} is not a port number`)
  return port
}

function readOrigin(name: string, url: string): string {
  if (!/^https?:/.test(url) || !URL.canParse(url)) throw new Error(`${name} is not an http(s) address`)
  return new URL(url).origin
}
