import react from '@vitejs/plugin-react'
import { defineConfig, type Plugin } from 'vite'
import { brandPlugin } from './brand-plugin.ts'
import { readEnv } from './env.ts'
import { securityHeaders } from './serve/headers.ts'
import { boundedServer } from './serve/limits.ts'
import { serviceProxy } from './serve/proxy.ts'
import { staticServer } from './serve/static-server.ts'
import { paths } from './src/paths.ts'

/** Loaded when its page is opened: it is large. */
const ACCOUNT = /\/src\/account\/(?!AccountPlaceholder)|\/node_modules\/uqr\//
/** What stands together compresses well: left alone, whatever both of these need becomes a file of its own. */
const CHUNKS = [
  // First: a group takes along what its modules import.
  { name: 'shared', test: (id: string) => !ACCOUNT.test(id) && !id.endsWith('/src/main.tsx') },
  { name: 'account', test: ACCOUNT },
]

/** In place of Vite's function around each import(), which loads styles and other files that there are none of. */
const loadPlainly: Plugin = {
  name: 'load-plainly',
  enforce: 'pre',
  apply: 'build',
  load: (id) => (id === '\0vite/preload-helper.js' ? 'export const __vitePreload = (load) => load()' : null),
}

/**
 * `vite build` creates the static app. `vite preview` serves it with the services behind it, which is what runs without
 * Docker; `vite` does the same with hot reload, next to a running stack. Any other static server will do: README.md says
 * what it has to send.
 */
export default defineConfig(({ command, isPreview }) => {
  // NODE_ENV=development is a setting of the auth server; with it, Vite would build the pages with React's development code.
  if (command === 'build') process.env.NODE_ENV = 'production'
  const env = readEnv(process.env)
  // What Vite builds in has such a name; the setting is the auth server's too.
  process.env.VITE_DEFAULT_LANGUAGE = env.defaultLanguage
  const targets = { authUrl: env.authProxyUrl, backendUrl: env.backendProxyUrl }
  const devOrigin = `http://localhost:${env.devPort}`

  return {
    plugins: [
      react(),
      loadPlainly,
      // What is served has been built with it.
      isPreview ? [] : brandPlugin(env.brandFolder),
      boundedServer(),
      serviceProxy(targets, { from: devOrigin, to: env.publicUrl }),
      staticServer({ headers: securityHeaders(env.apiOrigins), paths: Object.values(paths) }),
    ],
    build: {
      // Of what is loaded later, nothing is loaded before it: see loadPlainly.
      modulePreload: false,
      cssCodeSplit: false,
      target: 'es2023',
      rolldownOptions: { output: { codeSplitting: { groups: CHUNKS } } },
    },
    // wouter brings it for versions of React that have no such hook.
    resolve: { alias: { 'use-sync-external-store/shim/index.js': 'react' } },
    server: {
      host: 'localhost',
      port: env.devPort,
      strictPort: true,
      // Vite's default allows every origin on localhost; the services decide about origins themselves.
      cors: false,
    },
    preview: { host: '127.0.0.1', port: env.port, strictPort: true, cors: false },
  }
})
