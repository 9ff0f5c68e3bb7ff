import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { folderOf } from '../brand.ts'
import { localFolder, repository } from '../paths.ts'
import { withLock } from '../processes/lock.ts'
import { type Command, mustRun } from '../processes/run.ts'
import type { Variables } from '../settings/env-file.ts'
import type { Work } from '../stack.ts'

export type Builder = Work & { env: Record<string, string> }

const inRepository = (...parts: string[]) => join(repository, ...parts)
const keptFrontends = 5
const brandSources = inRepository('brand', 'src')

/** The auth server's bundle. A running server has read it whole and does not mind a newer one in its place. */
export async function buildAuthServer(builder: Builder): Promise<Build> {
  const stamp = digestOf([inRepository('auth-server'), brandSources, inRepository('package-lock.json')])
  const path = inRepository('auth-server', 'dist', 'main.js')
  const stampFile = inRepository('auth-server', 'dist', '.stamp')
  const isBuilt = () => existsSync(path) && existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp
  await buildOnce('auth-server', builder, isBuilt, async (run) => {
    rmSync(stampFile, { force: true })
    await run({ command: ['npm', 'run', '--silent', 'build', '-w', 'auth-server'], cwd: repository, env: builder.env })
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
  const isBuilt = () => existsSync(path)
  await buildOnce('frontend', builder, isBuilt, async (run) => {
    const cwd = inRepository('frontend')
    const vite = [process.execPath, inRepository('node_modules', 'vite', 'bin', 'vite.js')]
    const into = ['--outDir', relative(cwd, `${path}.new`), '--emptyOutDir']
    await run({ command: [...vite, 'build', ...into, '--logLevel', 'warn'], cwd, env: { ...builder.env, ...baked } })
    renameSync(`${path}.new`, path)
    removeOldest(folder)
  })
  return { path, stamp }
}

export type Build = { path: string; stamp: string }
type RunBuild = (command: Command) => Promise<unknown>

async function buildOnce(
  name: string,
  { signal, progress }: Builder,
  isBuilt: () => boolean,
  build: (run: RunBuild) => Promise<void>,
): Promise<void> {
  if (isBuilt()) return
  const run: RunBuild = (command) => {
    return mustRun(command, signal, ({ output }) => `${name} cannot be built:\n\n${output.trim()}`)
  }
  await withLock(join(localFolder, `build-${name}.lock`), { signal, onWait: () => undefined }, async () => {
    if (isBuilt()) return
    const begin = Date.now()
    await build(run)
    progress.done(name, 'built', Date.now() - begin)
  })
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
