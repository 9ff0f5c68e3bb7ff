import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { extname, join } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import { ConfigurationError } from '../errors.ts'

export type Encoding = 'br' | 'gzip'
/** What is served, by the path that a browser asks for. */
export type Contents = ReadonlyMap<string, Buffer>
export type Site = {
  files: ReadonlyMap<string, SiteFile>
  index: SiteFile
}

/** Far above what a build of the pages has: a folder that is larger is not one. */
const MAX_FILES = 1000
const MAX_BYTES = 32 * 1024 * 1024
export const INDEX = '/index.html'

const TEXT_TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.map': 'application/json',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
  '.xml': 'application/xml',
}
const BINARY_TYPES: Record<string, string> = {
  '.ico': 'image/x-icon',
  '.jpg': 'image/jpeg',
  '.png': 'image/png',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
}
/** Smaller ones fit into the packet that their headers are in. */
const MIN_COMPRESSED_BYTES = 1000

/** One file, whole in memory, and what it is compressed to. */
export class SiteFile {
  readonly type: string
  readonly content: Buffer
  readonly hash: string
  readonly isCompressible: boolean
  private readonly compressed = new Map<Encoding, Promise<Buffer>>()

  constructor(path: string, content: Buffer) {
    const extension = extname(path).toLowerCase()
    this.content = content
    this.type = TEXT_TYPES[extension] ?? BINARY_TYPES[extension] ?? 'application/octet-stream'
    this.isCompressible = extension in TEXT_TYPES && content.length >= MIN_COMPRESSED_BYTES
    this.hash = createHash('sha256').update(content).digest('base64url').slice(0, 22)
  }

  /** Made once, beside the event loop, when a browser first asks for it. */
  encoded(encoding: Encoding): Promise<Buffer> {
    const made = this.compressed.get(encoding) ?? COMPRESS[encoding](this.content)
    this.compressed.set(encoding, made)
    return made
  }
}

/** Near the smallest, in a tenth of the time of the highest level: a browser waits for it. */
const COMPRESS: Record<Encoding, (content: Buffer) => Promise<Buffer>> = {
  br: (content) => promisify(brotliCompress)(content, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }),
  gzip: (content) => promisify(gzip)(content, { level: 9 }),
}

/**
 * The built pages, read once: a request is looked up among these and never becomes a path of the file system. Throws
 * ConfigurationError where the folder is no build of the pages.
 * @param change what is served in place of the files as they were built
 */
export function readSite(folder: string, change: (built: Contents) => Contents): Site {
  const contents = new Map<string, Buffer>()
  try {
    readInto(contents, folder, '')
  } catch (error) {
    if (error instanceof ConfigurationError) throw error
    throw new ConfigurationError([`PAGES_FOLDER cannot be read (${codeOf(error)})`])
  }
  const built = contents.get(INDEX)
  if (!built) throw new ConfigurationError(['PAGES_FOLDER has no index.html: it must be a build of the pages'])
  const files = new Map([...change(contents)].map(([path, content]) => [path, new SiteFile(path, content)]))
  return { files, index: files.get(INDEX) ?? new SiteFile(INDEX, built) }
}

/** Hidden files are no part of a build; `.well-known` is one that browsers may ask for. */
function readInto(contents: Map<string, Buffer>, folder: string, prefix: string): void {
  for (const name of readdirSync(folder).toSorted()) {
    if (name.startsWith('.') && name !== '.well-known') continue
    const path = join(folder, name)
    const found = statSync(path)
    if (found.isDirectory()) readInto(contents, path, `${prefix}/${name}`)
    else if (found.isFile()) contents.set(`${prefix}/${name}`, withinLimits(contents, path, found.size))
  }
}

function withinLimits(contents: Map<string, Buffer>, path: string, size: number): Buffer {
  const total = [...contents.values()].reduce((sum, { length }) => sum + length, size)
  if (contents.size >= MAX_FILES || total > MAX_BYTES) {
    throw new ConfigurationError(['PAGES_FOLDER is too large for a build of the pages (1,000 files, 32 MiB)'])
  }
  return readFileSync(path)
}

const codeOf = (error: unknown) => (error instanceof Error && 'code' in error ? String(error.code) : String(error))
