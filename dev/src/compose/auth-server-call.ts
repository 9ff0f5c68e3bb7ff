import { existsSync } from 'node:fs'
import { dirname, relative, resolve } from 'node:path'
import { type AuthServerCall, needsEveryRole } from '../stack.ts'

/** Where a container sees the caller's folder. */
const MOUNTED = '/caller'

/** The arguments of `docker compose` for a command of the auth server in a container of its own. */
export function authServerCall({ name, args, folder, isTerminal }: AuthServerCall): string[] {
  const files = folder === undefined ? { options: [], args } : withFiles(folder, args)
  return [
    ...['run', '--rm', '--no-deps', '--quiet-pull', ...(isTerminal ? [] : ['-T'])],
    ...files.options,
    // The one that also has the addresses of the other roles.
    needsEveryRole(name) ? 'database-setup' : 'auth-migrate',
    name,
    ...(name === 'doctor' ? ['--backend', 'http://backend:8000'] : []),
    ...files.args,
  ]
}

/**
 * The container sees the caller's folder, reads files that are elsewhere where they are, and writes as the caller: to no
 * file that the caller may not.
 */
function withFiles(folder: string, args: string[]): { options: string[]; args: string[] } {
  const isElsewhere = (arg: string) => {
    const path = resolve(folder, arg)
    return existsSync(path) && dirname(path) !== '/' && relative(folder, path).startsWith('..')
  }
  const elsewhere = args.filter(isElsewhere).map((arg) => resolve(folder, arg))
  const volumes = [`${folder}:${MOUNTED}`, ...elsewhere.map((path) => `${path}:${path}:ro`)]
  const user = process.getuid && process.getgid ? ['--user', `${process.getuid()}:${process.getgid()}`] : []
  return {
    options: [...user, ...volumes.flatMap((volume) => ['--volume', volume])],
    args: ['--relative-to', MOUNTED, ...args.map((arg) => (isElsewhere(arg) ? resolve(folder, arg) : arg))],
  }
}
