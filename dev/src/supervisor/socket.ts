import { rmSync } from 'node:fs'
import { connect, createServer, type Socket } from 'node:net'
import { join } from 'node:path'
import { CannotContinue } from '../errors.ts'
import type { Control, ServiceName } from '../stack.ts'
import type { Known, Spec } from './service.ts'
import type { Ensured, Supervisor } from './supervisor.ts'

/** One for each connection, as a line of JSON; another line is the reply. A caller who hangs up withdraws it. */
type Request = { act: 'ensure'; spec: Spec } | { act: Control; name: ServiceName } | { act: 'known' } | { act: 'end' }
type Reply = { result?: unknown; error?: { message: string; exitCode?: number } }

export const socketFile = 'supervisor.sock'

/** Whoever may enter the folder may command: it is private. Ends with its first `end`. */
export function serve(supervisor: Supervisor, folder: string): Promise<void> {
  const server = createServer(async (socket) => {
    const controller = new AbortController()
    socket.once('close', () => controller.abort())
    const line = await firstLine(socket)
    if (line === undefined) return
    const close = () => void server.close()
    socket.end(`${JSON.stringify(await handle(supervisor, line, controller.signal, close))}\n`)
  })
  // What a killed supervisor left there.
  rmSync(join(folder, socketFile), { force: true })
  return new Promise((resolve, reject) => {
    server.once('error', reject).once('listening', resolve)
    within(folder, () => server.listen({ path: socketFile }))
  })
}

async function handle(supervisor: Supervisor, line: string, signal: AbortSignal, close: () => void): Promise<Reply> {
  try {
    const request = JSON.parse(line) as Request
    if (request.act === 'ensure') return { result: await supervisor.ensure(request.spec, signal) }
    if (request.act === 'known') return { result: supervisor.known() }
    if (request.act === 'end') return { result: await supervisor.end().then(close) }
    return { result: await supervisor.control(request.act, request.name, signal) }
  } catch (error) {
    if (error instanceof CannotContinue) return { error: { message: error.message, exitCode: error.exitCode } }
    return { error: { message: error instanceof Error ? (error.stack ?? error.message) : String(error) } }
  }
}

export type Remote = ReturnType<typeof remote>

/** The supervisor, as seen by a command. */
export function remote(folder: string) {
  const ask = async <T>(request: Request, signal?: AbortSignal) => (await send(folder, request, signal)) as T
  return {
    ensure: (spec: Spec, signal: AbortSignal) => ask<Ensured>({ act: 'ensure', spec }, signal),
    /** Those too that are stopped. */
    known: () => ask<Known[]>({ act: 'known' }),
    control: (act: Control, name: ServiceName) => ask<boolean>({ act, name }),
    /** Stops all services; the supervisor then ends too. */
    end: () => ask<void>({ act: 'end' }),
  }
}

async function send(folder: string, request: Request, signal?: AbortSignal): Promise<unknown> {
  signal?.throwIfAborted()
  const socket = within(folder, () => connect({ path: socketFile }))
  const hangUp = () => socket.destroy()
  signal?.addEventListener('abort', hangUp)
  try {
    socket.write(`${JSON.stringify(request)}\n`)
    const line = await firstLine(socket)
    signal?.throwIfAborted()
    if (line === undefined)
      throw new CannotContinue('Nothing runs, or the supervisor has just ended. Start again with: make up')
    const { result, error } = JSON.parse(line) as Reply
    if (error?.exitCode !== undefined) throw new CannotContinue(error.message, error.exitCode)
    if (error) throw new Error(error.message)
    return result
  } finally {
    signal?.removeEventListener('abort', hangUp)
  }
}

/** Undefined if the connection ends before, or nobody accepts it. */
function firstLine(socket: Socket): Promise<string | undefined> {
  return new Promise((resolve) => {
    let text = ''
    socket.setEncoding('utf8').on('data', (part: string) => {
      text += part
      if (text.includes('\n')) resolve(text.slice(0, text.indexOf('\n')))
    })
    socket.on('error', () => undefined).once('close', () => resolve(undefined))
  })
}

/**
 * A Unix socket's path has at most 107 bytes (103 on macOS), and a folder may have more: the system is given the bare
 * name, from within the folder. Both calls that need it make their system call at once.
 */
function within<T>(folder: string, act: () => T): T {
  const before = process.cwd()
  process.chdir(folder)
  try {
    return act()
  } finally {
    process.chdir(before)
  }
}
