import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { localFolder, repository } from '../paths.ts'
import { listenerOf } from '../processes/ports.ts'

const program = join(repository, 'dev', 'run.sh')

/** Runs the command beside a PostgreSQL. `port` is given once the command has said where it is. */
function withPostgres(script: string) {
  const shell = ['sh', '-c', `echo "$TEST_DATABASE_ADMIN_URL"; ${script}`]
  const child = spawn(program, ['with-postgres', '--', ...shell], { stdio: ['ignore', 'pipe', 'pipe'] })
  const ended = once(child, 'close').then(([code]) => Number(code))
  return { child, ended, port: readPort(child) }
}

async function readPort({ stdout }: ChildProcess): Promise<number> {
  const [line] = await once(stdout as NonNullable<typeof stdout>, 'data')
  return Number(new URL(String(line).trim()).port)
}

test('two at once have a server each, and leave none', async () => {
  const [first, second] = [withPostgres('exit 3'), withPostgres('exit 4')]

  const ports = await Promise.all([first.port, second.port])
  expect(await Promise.all([first.ended, second.ended])).toEqual([3, 4])

  expect(ports[0]).not.toBe(ports[1])
  expect(ports.map(listenerOf)).toEqual([undefined, undefined])
})

test.each(['SIGINT', 'SIGTERM'] as const)('%s ends the command and the server', async (signal) => {
  const { child, ended, port } = withPostgres('exec sleep 60')
  const taken = await port

  child.kill(signal)

  expect(await ended).toBe(signal === 'SIGINT' ? 130 : 143)
  expect(listenerOf(taken)).toBeUndefined()
})

test('a command that does not exist is named, and leaves no server', async () => {
  const child = spawn(program, ['with-postgres', '--', '/not/there'], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const [said] = await once(child.stderr, 'data')

  expect(String(said)).toContain('Cannot run /not/there')
  expect((await once(child, 'close'))[0]).toBe(127)
})

test('what a killed run left behind, the next one removes', async () => {
  const killed = withPostgres('exec sleep 60')
  const port = await killed.port
  const folders = foldersOf(killed.child)
  killed.child.kill('SIGKILL')
  await once(killed.child, 'exit')
  if (existsSync('/proc/net/tcp')) expect(listenerOf(port)).toBeDefined()
  expect(folders.map((folder) => existsSync(folder))).toEqual([true, true])

  const next = withPostgres('true')
  await next.ended

  expect(listenerOf(port)).toBeUndefined()
  expect(folders.map((folder) => existsSync(folder))).toEqual([false, false])
  killed.child.stdout.destroy()
})

/** The folder of a run, and where the data of its cluster lies. */
function foldersOf({ pid }: ChildProcess): string[] {
  const folders = readdirSync(localFolder).map((name) => join(localFolder, name))
  const folder = folders.find((each) => ownerOf(each) === pid) ?? ''
  return [folder, realpathSync(join(folder, 'postgres'))]
}

function ownerOf(folder: string): number | undefined {
  const owner = join(folder, 'owner.json')
  return existsSync(owner) ? JSON.parse(readFileSync(owner, 'utf8')).pid : undefined
}
