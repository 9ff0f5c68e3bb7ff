/// <reference types="vite/client" />

interface ImportMetaEnv {
  /** Origin of the auth server; empty is our own. */
  readonly VITE_AUTH_URL?: string
  /** Origin of the backend; empty is our own. */
  readonly VITE_API_URL?: string
  /** DEFAULT_LANGUAGE. */
  readonly VITE_DEFAULT_LANGUAGE?: string
}
