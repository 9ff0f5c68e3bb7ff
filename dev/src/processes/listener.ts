import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs'

const listening = '0A'

/** The process that listens on the port, where the system tells (Linux, and only one's own processes). */
export function listenerOf(port: number): number | undefined {
  const wanted = new Set(['/proc/net/tcp', '/proc/net/tcp6'].flatMap((table) => socketsOn(table, port)))
  if (wanted.size === 0) return undefined
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .find((pid) => socketsOf(pid).some((socket) => wanted.has(socket)))
}

/** proc_pid_net(5): column 1 is address:port in hex, 3 the state, 9 the socket's inode. */
function socketsOn(table: string, port: number): string[] {
  if (!existsSync(table)) return []
  const rows = readFileSync(table, 'utf8').trim().split('\n').slice(1)
  return rows.flatMap((row) => {
    const columns = row.trim().split(/\s+/)
    const isOurs = Number.parseInt(columns[1]?.split(':')[1] ?? '', 16) === port && columns[3] === listening
    return isOurs ? [`socket:[${columns[9]}]`] : []
  })
}

function socketsOf(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/fd`).map((fd) => link(`/proc/${pid}/fd/${fd}`))
  } catch {
    return []
  }
}

function link(path: string): string {
  try {
    return readlinkSync(path)
  } catch {
    return ''
  }
}
