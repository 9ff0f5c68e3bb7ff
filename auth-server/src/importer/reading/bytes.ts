import { createReadStream } from 'node:fs'
import { open, stat } from 'node:fs/promises'
import { pipeline } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { fileError } from './failure.ts'
import { isGzip } from './magic.ts'

/** A file, as the operator named it in `name`. `done`: bytes of it that were read. */
export type Source = { path: string; name: string; meter: { done: number; total: number } }

const CHUNK_BYTES = 256 * 1024
const HEAD_BYTES = 16

/** What is in a file, unpacked if it is gzip. */
export async function* bytesOf({ path, name, meter }: Source): AsyncGenerator<Buffer> {
  const isPacked = isGzip(await headOf(path, name))
  const raw = createReadStream(path, { highWaterMark: CHUNK_BYTES })
  raw.on('data', (chunk) => {
    meter.done += chunk.length
  })
  const source = isPacked ? pipeline(raw, createGunzip({ chunkSize: CHUNK_BYTES }), () => undefined) : raw
  try {
    for await (const chunk of source) yield chunk as Buffer
  } catch (error) {
    throw fileError(name, isPacked ? 'is a gzip file that is cut off or damaged' : reasonOf(error))
  } finally {
    raw.destroy()
  }
}

/** Of a file that can be read: it is opened once, before anything is made of it. */
export async function sizeOf(path: string, name: string): Promise<number> {
  const found = await stat(path).catch((error: unknown) => {
    throw fileError(name, reasonOf(error))
  })
  if (found.isDirectory()) throw fileError(name, await whatFolder(path))
  // To open a pipe waits for whoever writes into it.
  if (!found.isFile()) throw fileError(name, 'is a pipe or a device. Write the export into a file, and name that')
  return found.size
}

async function headOf(path: string, name: string): Promise<Buffer> {
  const handle = await open(path).catch((error: unknown) => {
    throw fileError(name, reasonOf(error))
  })
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0)
    return buffer.subarray(0, bytesRead)
  } finally {
    await handle.close()
  }
}

async function whatFolder(folder: string): Promise<string> {
  const isDump = await stat(`${folder}/toc.dat`).then(Boolean, () => false)
  if (!isDump) return 'is a folder. Name the files in it that have users: FOLDER/*'
  return 'is a dump in the directory format of pg_dump. Convert it: pg_restore --no-owner -f dump.sql FOLDER'
}

function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'for an unknown reason'
  return REASONS[code] ?? `cannot be read (${code})`
}

const REASONS: Record<string, string> = {
  ENOENT: 'there is no such file',
  EACCES: 'this user may not read it (EACCES)',
  ELOOP: 'is a link that leads back to itself',
}
