import { createHash } from 'node:crypto'
import { chownSync, cpSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { run } from '../processes/run.ts'

/** As whom PostgreSQL runs (it refuses root), and where its files must lie for that account to reach them. */
export type Account = {
  kind: 'self' | 'namespace' | 'nobody'
  binaries: string
  /** Put in front of every command. */
  prefix: string[]
  /** Makes the folder in which a cluster and its password file are kept; gives the path that the account can use. */
  ownFolder(wanted: string): string
}

const nobody = 65534

/** Why there are three: the decision record on embedded PostgreSQL. */
export async function chooseAccount(binaries: string): Promise<Account> {
  if (process.getuid?.() !== 0) return self(binaries)
  const namespace = inNamespace(binaries)
  const probe = await run([...namespace.prefix, join(binaries, 'bin', 'postgres'), '--version'])
  return probe.code === 0 ? namespace : asNobody(binaries)
}

function self(binaries: string): Account {
  return { kind: 'self', binaries, prefix: [], ownFolder: makePrivate }
}

/** Still root to the file system, so also below a home with mode 0700, but `nobody` in PostgreSQL's own eyes. */
function inNamespace(binaries: string): Account {
  const prefix = ['unshare', '--user', `--map-user=${nobody}`, `--map-group=${nobody}`]
  return { kind: 'namespace', binaries, prefix, ownFolder: makePrivate }
}

/** For root where user namespaces are switched off: everything moves to a place that `nobody` can reach. */
export function asNobody(binaries: string, place = '/var/tmp'): Account {
  const shared = join(place, `auth-sidecar-postgres-${digest(binaries)}`)
  const copy = join(shared, 'native')
  if (!existsSync(copy)) copyOnce(binaries, copy)
  return {
    kind: 'nobody',
    binaries: copy,
    prefix: ['setpriv', `--reuid=${nobody}`, `--regid=${nobody}`, '--clear-groups'],
    ownFolder: (wanted) => {
      const folder = makePrivate(join(shared, digest(wanted)))
      chownSync(folder, nobody, nobody)
      return folder
    },
  }
}

function copyOnce(from: string, to: string) {
  const partial = `${to}.${process.pid}`
  cpSync(from, partial, { recursive: true, verbatimSymlinks: true })
  try {
    renameSync(partial, to)
  } catch (error) {
    rmSync(partial, { recursive: true, force: true })
    if (!existsSync(to)) throw error
  }
}

function makePrivate(folder: string): string {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  return folder
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 12)
}

/** `nobody` must own the password file that it is to read. */
export function giveTo(account: Account, path: string): void {
  if (account.kind === 'nobody') chownSync(path, nobody, nobody)
}
