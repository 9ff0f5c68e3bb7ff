import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { StringDecoder } from 'node:string_decoder'
import { setTimeout as sleep } from 'node:timers/promises'
import { tail } from './tail.ts'

export type Followed = { path: string; print(line: string): void }

const intervalMs = 200
const chunkBytes = 64 * 1024

/** Prints the files' last lines and then whatever is added to them, until the signal. Files may come and go. */
export async function follow(files: Followed[], lastLines: number, signal: AbortSignal): Promise<void> {
  const readers = files.map((file) => {
    const from = size(file.path)
    for (const line of tail(file.path, lastLines)) file.print(line)
    return createReader(file, from)
  })
  while (!signal.aborted) {
    for (const read of readers) read()
    await sleep(intervalMs, undefined, { signal }).catch(() => undefined)
  }
}

function createReader({ path, print }: Followed, from: number) {
  let position = from
  let rest = ''
  let decoder = new StringDecoder('utf8')
  return () => {
    const available = size(path)
    if (available < position) {
      // Begun anew: the old one was put aside because it had grown too large.
      position = 0
      rest = ''
      decoder = new StringDecoder('utf8')
    }
    while (position < available) {
      const chunk = readAt(path, position)
      if (chunk.length === 0) return
      position += chunk.length
      const lines = (rest + decoder.write(chunk)).split('\n')
      rest = lines.pop() ?? ''
      for (const line of lines) print(line)
    }
  }
}

function size(path: string): number {
  return withFile(path, (file) => fstatSync(file).size) ?? 0
}

function readAt(path: string, position: number): Buffer {
  const buffer = Buffer.alloc(chunkBytes)
  const length = withFile(path, (file) => readSync(file, buffer, 0, chunkBytes, position)) ?? 0
  return buffer.subarray(0, length)
}

function withFile<T>(path: string, use: (file: number) => T): T | undefined {
  let file: number
  try {
    file = openSync(path, 'r')
  } catch {
    return undefined
  }
  try {
    return use(file)
  } finally {
    closeSync(file)
  }
}
