import { writeFile } from 'node:fs/promises'
import { build } from 'esbuild'

// One file to start: finding thousands of modules below node_modules takes seconds and twice the memory.
// CommonJS, because Node loads it without libuv's threads: their number can still be set by the program (main.ts).
await build({
  // The second is a thread's program, see src/passwords/loops/thread.ts.
  entryPoints: { main: 'src/main.ts', 'loops-worker': 'src/passwords/loops/worker.ts' },
  outdir: 'dist',
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  minifySyntax: true,
  // Without comments the text is ASCII, for which V8 needs one byte a character: 4 MB less. Names stay, for stack traces.
  minifyWhitespace: true,
  lineLimit: 160,
  external: ['@node-rs/argon2', '@node-rs/bcrypt', 'pg-native', 'cloudflare:sockets'],
  define: { 'import.meta.url': 'bundleUrl' },
  banner: { js: "const bundleUrl = require('node:url').pathToFileURL(__filename).href;" },
  logLevel: 'warning',
})
await writeFile('dist/package.json', '{ "type": "commonjs" }\n')
