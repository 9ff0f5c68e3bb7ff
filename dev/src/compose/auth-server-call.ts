import { existsSync, statSync } from 'node:fs'
import { dirname, relative, resolve } from 'node:path'
import type { AuthServerCall } from '../stack.ts'

/** Where a container sees the caller's folder. */
const MOUNTED = '/caller'

/**
 * The arguments of `docker compose` for a command of the auth server in a container of its own. It sees the caller's
 * folder, reads files that are elsewhere where they are, and writes as the caller: to no file that the caller may not.
 */
export function authServerCall({ name, args, folder, isTerminal }: AuthServerCall): string[] {
  const { uid, gid } = statSync(folder)
  const elsewhere = args.filter((arg) => isElsewhere(arg, folder)).map((arg) => resolve(folder, arg))
  const volumes = [`${folder}:${MOUNTED}`, ...elsewhere.map((path) => `${path}:${path}:ro`)]
  return [
    ...['run', '--rm', '--no-deps', '--quiet-pull', ...(isTerminal ? [] : ['-T'])],
    ...['--user', `${process.getuid?.() ?? uid}:${process.getgid?.() ?? gid}`],
    ...volumes.flatMap((volume) => ['--volume', volume]),
    // The one that also has the address of who may make a database.
    name === 'rehearse' ? 'database-setup' : 'auth-migrate',
    ...[name, '--relative-to', MOUNTED],
    ...args.map((arg) => (isElsewhere(arg, folder) ? resolve(folder, arg) : arg)),
  ]
}

/** A file of that name is there, and not below the folder. */
function isElsewhere(arg: string, folder: string): boolean {
  const path = resolve(folder, arg)
  return existsSync(path) && dirname(path) !== '/' && relative(folder, path).startsWith('..')
}
