import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Builder, buildAuthServer, buildFrontend } from '../embedded/builds.ts'
import { repository } from '../paths.ts'
import { thirdPartyLicences } from './licences.ts'

/** What the server loads from beside its bundle: native modules, of which npm took this machine's build. */
const NATIVE = join('node_modules', '@node-rs')

/** A copy of the Python project with the built server in it, in the repository's own arrangement: the server looks there. */
export async function stageProject(builder: Builder, staging: string): Promise<void> {
  const project = join(repository, 'backend-fastapi', 'auth_sidecar_server')
  const [server, pages] = await Promise.all([buildAuthServer(builder), buildFrontend(builder, {})])
  cpSync(project, staging, { recursive: true, filter: (path) => !/__pycache__|\/dist$/.test(path) })

  const payload = join(staging, 'src', 'auth_sidecar_server', 'payload')
  copy(join(server.path, '..'), join(payload, 'auth-server', 'dist'), /^[^.].*\.(?:js|json)$/)
  copy(pages.path, join(payload, 'frontend', 'dist'))
  copy(join(repository, 'brand'), join(payload, 'brand'), /^(?!src$|tsconfig)/)
  for (const name of readdirSync(join(repository, NATIVE)).toSorted()) {
    // The packages' other files are for browsers and compilers.
    copy(join(repository, NATIVE, name), join(payload, NATIVE, name), /^(?:.*\.(?:node|js|json)|LICEN.*)$/)
  }
  writeFileSync(join(staging, 'THIRD_PARTY_LICENSES.txt'), thirdPartyLicences(repository, ['auth-server', 'frontend']))
}

function copy(from: string, to: string, names = /^/): void {
  mkdirSync(to, { recursive: true })
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    if (!names.test(entry.name)) continue
    if (entry.isDirectory()) copy(join(from, entry.name), join(to, entry.name))
    // Written, not copied: the mode of a file here would be in the wheel.
    else writeFileSync(join(to, entry.name), readFileSync(join(from, entry.name)), { mode: 0o644 })
  }
}
