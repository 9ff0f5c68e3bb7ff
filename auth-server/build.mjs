import { mkdir, rename, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { build } from 'esbuild'

/**
 * Packages that few processes need, each a file of its own that is loaded with the first `import()` of it: together 30 ms
 * and 15 MB of every start. `functions`: of one that another package imports statically, and awaits all that it calls.
 */
const LATER = {
  '@zxcvbn-ts/language-common': { file: 'common-passwords' },
  nodemailer: { file: 'nodemailer' },
  '@simplewebauthn/server': {
    file: 'webauthn',
    functions: [
      'generateAuthenticationOptions',
      'generateRegistrationOptions',
      'verifyAuthenticationResponse',
      'verifyRegistrationResponse',
    ],
  },
}

const later = {
  name: 'later',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^[^.]/ }, ({ path, kind, namespace }) => {
      const { file, functions } = LATER[path] ?? {}
      if (file === undefined || kind === 'entry-point') return undefined
      if (kind === 'dynamic-import') return { path: `./${file}.js`, external: true }
      if (functions === undefined) return { errors: [{ text: `${path} must be loaded by import()` }] }
      return namespace === 'later' ? undefined : { path, namespace: 'later' }
    })
    onLoad({ filter: /./, namespace: 'later' }, ({ path }) => ({
      contents: LATER[path].functions
        .map((name) => `export const ${name} = async (...given) => (await import('${path}')).${name}(...given)`)
        .join('\n'),
    }))
  },
}

/** zod carries its messages in 48 languages; only its default is used. */
const english = {
  name: 'english',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]zod[\\/]v4[\\/]locales[\\/]index\.js$/ }, () => ({
      contents: "export { default as en } from './en.js'",
    }))
  },
}

// One file to start: finding thousands of modules below node_modules takes seconds and twice the memory.
// CommonJS, because Node loads it without libuv's threads: their number can still be set by the program (main.ts).
const { outputFiles } = await build({
  entryPoints: {
    main: 'src/main.ts',
    'loops-worker': 'src/passwords/loops/worker.ts', // a thread's program, see src/passwords/loops/thread.ts
    ...Object.fromEntries(Object.entries(LATER).map(([name, { file }]) => [file, name])),
  },
  outdir: 'dist',
  write: false,
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  supported: { 'dynamic-import': false }, // require(), for the same reason
  minifySyntax: true,
  // ASCII, for which V8 needs one byte a character: 3 MB less (checked below). Names stay, for stack traces.
  minifyWhitespace: true,
  lineLimit: 160,
  external: ['@node-rs/argon2', '@node-rs/bcrypt', 'pg-native', 'cloudflare:sockets'],
  define: { 'import.meta.url': 'bundleUrl' },
  banner: { js: "const bundleUrl = require('node:url').pathToFileURL(__filename).href;" },
  plugins: [later, english],
  logLevel: 'warning',
})
const { text } = outputFiles.find(({ path }) => basename(path) === 'main.js')
const beyond = /^.*[^\0-\x7f].*$/m.exec(text)
if (beyond) throw new Error(`main.js is not ASCII; esbuild does not escape regular expressions: ${beyond[0]}`)

await mkdir('dist', { recursive: true })
for (const { path, contents } of outputFiles) await replace(path, contents)
await replace('dist/package.json', '{ "type": "commonjs" }\n')

/** In one step: another process may be starting from the old file, or copying it. */
async function replace(path, contents) {
  const written = join(dirname(path), `.${basename(path)}.${process.pid}`)
  await writeFile(written, contents)
  await rename(written, path)
}
