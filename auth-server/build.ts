import { writeFile } from 'node:fs/promises'
import { build } from 'esbuild'

/** One file to start: 5,000 modules of node_modules would take seconds to find and twice the memory. */
await build({
  entryPoints: ['src/main.ts'],
  outfile: 'dist/main.js',
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  minifySyntax: true,
  // A native binary. pg-native and cloudflare sockets are optional parts of pg that this server does not use.
  external: ['@node-rs/argon2', 'pg-native', 'cloudflare:sockets'],
  define: { 'import.meta.url': '__bundleUrl' },
  banner: { js: "const __bundleUrl = require('node:url').pathToFileURL(__filename).href;" },
  sourcemap: false,
  logLevel: 'warning',
})
await writeFile('dist/package.json', '{ "type": "commonjs" }\n')
