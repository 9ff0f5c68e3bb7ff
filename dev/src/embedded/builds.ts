import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { folderOf } from '../brand.ts'
import { localFolder, repository } from '../paths.ts'
import { withLock } from '../processes/lock.ts'
import { type Command, mustRun } from '../processes/run.ts'
import type { Variables } from '../settings/env-file.ts'
import type { Progress } from '../stack.ts'

export type Builder = { env: Record<string, string>; signal: AbortSignal; progress: Progress }
export type Build = { path: string; stamp: string }

const inRepository = (...parts: string[]) => join(repository, ...parts)
const keptFrontends = 5
const brandSources = inRepository('brand', 'src')

/** The auth server's bundle. A running server has read it whole and does not mind a newer one in its place. */
export async function buildAuthServer(builder: Builder): Promise<Build> {
  const stamp = digestOf([inRepository('auth-server'), brandSources, inRepository('package-lock.json')])
  const path = inRepository('auth-server', 'dist', 'main.js')
  const stampFile = inRepository('auth-server', 'dist', '.stamp')
  const isBuilt = () => existsSync(path) && existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp
  await buildOnce('auth-server', builder, isBuilt, async () => {
    rmSync(stampFile, { force: true })
    await runBuild('auth-server', builder, {
      command: ['npm', 'run', '--silent', 'build', '-w', 'auth-server'],
      cwd: repository,
      env: builder.env,
    })
    writeFileSync(stampFile, stamp)
  })
  return { path, stamp }
}

/**
 * The static app, in a folder named after what it was built from. Stacks side by side with other sources or another
 * VITE_API_URL keep serving theirs.
 */
export async function buildFrontend(builder: Builder, variables: Variables): Promise<Build> {
  const { VITE_AUTH_URL = '', VITE_API_URL = '', DEFAULT_LANGUAGE = '' } = variables
  const baked = { VITE_AUTH_URL, VITE_API_URL, DEFAULT_LANGUAGE }
  const sources = [inRepository('frontend'), brandSources, folderOf(variables.BRAND_FOLDER)]
  const stamp = digestOf([...sources, inRepository('package-lock.json')], JSON.stringify(baked))
  const folder = join(localFolder, 'builds')
  const path = join(folder, `frontend-${stamp}`)
  await buildOnce(
    'frontend',
    builder,
    () => existsSync(path),
    async () => {
      mkdirSync(folder, { recursive: true, mode: 0o700 })
      const unfinished = `${path}.new`
      const target = relative(inRepository('frontend'), unfinished)
      const vite = [process.execPath, inRepository('node_modules', 'vite', 'bin', 'vite.js')]
      await runBuild('frontend', builder, {
        command: [...vite, 'build', '--outDir', target, '--emptyOutDir', '--logLevel', 'warn'],
        cwd: inRepository('frontend'),
        env: { ...builder.env, ...baked },
      })
      renameSync(unfinished, path)
      removeOldest(folder)
    },
  )
  return { path, stamp }
}

async function buildOnce(name: string, builder: Builder, isBuilt: () => boolean, build: () => Promise<void>) {
  if (isBuilt()) return
  const onWait = () => undefined
  await withLock(join(localFolder, `build-${name}.lock`), { signal: builder.signal, onWait }, async () => {
    if (isBuilt()) return
    const begin = Date.now()
    await build()
    builder.progress.done(name, 'built', Date.now() - begin)
  })
}

async function runBuild(name: string, { signal }: Builder, command: Command) {
  await mustRun(command, signal, ({ output }) => `${name} cannot be built:\n\n${output.trim()}`)
}

function removeOldest(folder: string) {
  const builds = readdirSync(folder).map((name) => join(folder, name))
  const byAge = builds.sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs)
  for (const old of byAge.slice(keptFrontends)) rmSync(old, { recursive: true, force: true })
}

const uninteresting = /^(node_modules|dist|tests?|__pycache__|\..*|.*\.egg-info|.*\.test\.tsx?)$/

/** A digest of the files' names and contents: changes exactly when a build or a restart would bring something new. */
export function digestOf(paths: string[], ...more: string[]): string {
  const hash = createHash('sha256')
  for (const path of paths) addPath(hash, path)
  for (const text of more) hash.update(`\0${text}`)
  return hash.digest('hex').slice(0, 16)
}

function addPath(hash: ReturnType<typeof createHash>, path: string) {
  const stat = statSync(path, { throwIfNoEntry: false })
  if (!stat) return
  if (stat.isFile()) {
    hash.update(`\0${path}\0`).update(readFileSync(path))
    return
  }
  for (const name of readdirSync(path).sort()) {
    if (!uninteresting.test(name)) addPath(hash, join(path, name))
  }
}
