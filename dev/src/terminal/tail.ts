import { closeSync, existsSync, fstatSync, openSync, readSync } from 'node:fs'

const farthestBytes = 64 * 1024

/** The file's last lines, none of them from before `fromByte`. */
export function tail(path: string, count: number, fromByte = 0): string[] {
  if (!existsSync(path)) return []
  const file = openSync(path, 'r')
  try {
    const { size } = fstatSync(file)
    const start = Math.max(fromByte > size ? 0 : fromByte, size - farthestBytes)
    const buffer = Buffer.alloc(size - start)
    readSync(file, buffer, 0, buffer.length, start)
    const lines = buffer.toString('utf8').split('\n')
    if (lines.at(-1) === '') lines.pop()
    return lines.slice(-count)
  } finally {
    closeSync(file)
  }
}
