import { readFileSync } from 'node:fs'

/** A logo or icon. The size gives pages its proportions before it has loaded. */
export interface Picture {
  path: string
  type: 'svg' | 'png'
  width: number
  height: number
}

const MAX_BYTES = 200_000

/** Throws with the rule that the file breaks. */
export function readPicture(path: string): Picture {
  const content = contentOf(path)
  if (content.length > MAX_BYTES) throw new Error(`is larger than ${MAX_BYTES / 1000} KB`)
  return path.endsWith('.png') ? { path, type: 'png', ...pngSize(content) } : { path, type: 'svg', ...svgSize(content) }
}

function contentOf(path: string): Buffer {
  try {
    return readFileSync(path)
  } catch {
    throw new Error('cannot be read: there is no such file beside brand.json')
  }
}

/** https://www.w3.org/TR/png-3/#11IHDR : always the first chunk. */
function pngSize(content: Buffer) {
  const isPng = content.subarray(0, 8).toString('latin1') === '\x89PNG\r\n\x1a\n' && content.length >= 24
  if (!isPng) throw new Error('is not a PNG file')
  return { width: content.readUInt32BE(16), height: content.readUInt32BE(20) }
}

function svgSize(content: Buffer) {
  const text = content.toString('utf8')
  const root = /<svg\b[^>]*>/i.exec(text)?.[0]
  if (root === undefined) throw new Error('is not an SVG file')
  // It would not run in an <img>, but whoever opens the file itself would run it on this origin.
  if (/<script\b/i.test(text)) throw new Error('contains a script')
  const [, , width = 0, height = 0] = attribute(root, 'viewBox')
    .split(/[\s,]+/)
    .map(Number)
  if (!(width > 0 && height > 0)) throw new Error('has no viewBox, from which its size is read')
  return { width, height }
}

function attribute(tag: string, name: string): string {
  return new RegExp(`\\s${name}\\s*=\\s*["']\\s*([^"']*?)\\s*["']`).exec(tag)?.[1] ?? ''
}
