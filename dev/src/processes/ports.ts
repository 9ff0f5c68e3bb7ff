import { randomInt } from 'node:crypto'
import { createSocket } from 'node:dgram'
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { createServer } from 'node:net'
import { CannotContinue } from '../errors.ts'
import { commandLine } from './table.ts'

/** The variable is the setting that chooses the port. */
export type Port = { variable: string; port: number }

// Below the range from which Linux and macOS take ports for outgoing connections: a port chosen here cannot
// become some client's local port between being chosen and being listened on.
const first = 20_000
const last = 32_000

/** On both sides of `localhost`: a browser reaches a listener on ::1 before it tries 127.0.0.1. */
export async function isPortFree(port: number): Promise<boolean> {
  return (await canListen(port, '127.0.0.1')) && (await canListen(port, '::1'))
}

function canListen(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer()
    // Other errors say that the machine has no such address, which is as good as free.
    probe.once('error', (error: NodeJS.ErrnoException) => resolve(!['EADDRINUSE', 'EACCES'].includes(error.code ?? '')))
    probe.listen({ port, host, exclusive: true }, () => probe.close(() => resolve(true)))
  })
}

/**
 * Reserves a port until this process ends; false if another run has. A server may bind its port seconds after it was given
 * out, so the UDP port of the same number, which nothing else uses, stands for it. The Python tests do the same:
 * tests/stack/ports.py and backend-fastapi/tests/support/ports.py.
 */
function claim(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createSocket('udp4')
    socket.once('error', (error: NodeJS.ErrnoException) => {
      socket.close()
      resolve(error.code !== 'EADDRINUSE')
    })
    socket.bind({ port, address: '127.0.0.1', exclusive: true }, () => {
      socket.unref()
      resolve(true)
    })
  })
}

/** `count` different ports without a listener, which no run beside this one is given until this process ends. */
export async function freePorts(count: number): Promise<number[]> {
  const found = new Set<number>()
  for (let attempts = 0; found.size < count; attempts++) {
    if (attempts > 1000) throw new CannotContinue(`No free port between ${first} and ${last} on 127.0.0.1.`)
    const port = randomInt(first, last)
    if ((await isPortFree(port)) && (await claim(port))) found.add(port)
  }
  return [...found]
}

export async function freePort(): Promise<number> {
  const [port] = await freePorts(1)
  if (port === undefined) throw new Error('freePorts(1) gave none')
  return port
}

/** A line for every port that another program has: which one, if that can be seen, and what to set instead. */
export async function takenPorts(wanted: Port[], ours: Iterable<number>): Promise<string[]> {
  const reserved = new Set([...ours, ...wanted.map(({ port }) => port)])
  const lines: string[] = []
  for (const { variable, port } of wanted) {
    if (await isPortFree(port)) continue
    const other = await suggestion(port, reserved)
    reserved.add(other)
    lines.push(`${variable} is ${port}, which is taken${owner(port)}. Free it, or set ${variable}=${other}`)
  }
  return lines
}

export async function refuseTakenPorts(wanted: Port[], ours: Iterable<number>): Promise<void> {
  const lines = await takenPorts(wanted, ours)
  if (lines.length > 0) throw new CannotContinue(lines.join('\n'))
}

/** A similar number without a listener at any address of this machine, and not meant for another service of ours. */
async function suggestion(port: number, reserved: ReadonlySet<number>): Promise<number> {
  for (let other = port + 100; other < 65_536; other += 100) {
    if (!reserved.has(other) && (await isFreeEverywhere(other))) return other
  }
  return freePort()
}

async function isFreeEverywhere(port: number): Promise<boolean> {
  return (await isPortFree(port)) && (await canListen(port, '0.0.0.0')) && (await canListen(port, '::'))
}

function owner(port: number): string {
  const pid = listenerOf(port)
  if (pid === undefined) return ''
  const command = (commandLine(pid) ?? '').replace(/^\S*\//, '')
  return ` by pid ${pid} (${command.length > 30 ? `${command.slice(0, 30).trim()} …` : command})`
}

/** The process that listens on the port, where the system tells (Linux, and only one's own processes). */
export function listenerOf(port: number): number | undefined {
  const wanted = new Set(['/proc/net/tcp', '/proc/net/tcp6'].flatMap((table) => socketsOn(table, port)))
  if (wanted.size === 0) return undefined
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name))
  const found = pids.find((pid) => {
    const files = attempt(() => readdirSync(`/proc/${pid}/fd`)) ?? []
    return files.some((file) => wanted.has(attempt(() => readlinkSync(`/proc/${pid}/fd/${file}`)) ?? ''))
  })
  return found === undefined ? undefined : Number(found)
}

/** proc_pid_net(5): column 1 is address:port in hex, 3 the state (0A: listening), 9 the socket's inode. */
function socketsOn(table: string, port: number): string[] {
  const rows = (attempt(() => readFileSync(table, 'utf8')) ?? '').trim().split('\n').slice(1)
  return rows.flatMap((row) => {
    const columns = row.trim().split(/\s+/)
    const isOnPort = Number.parseInt(columns[1]?.split(':')[1] ?? '', 16) === port && columns[3] === '0A'
    return isOnPort ? [`socket:[${columns[9]}]`] : []
  })
}

/** Processes end while they are looked at, and those of other users may not be. */
function attempt<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch {
    return undefined
  }
}
