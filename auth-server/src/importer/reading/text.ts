import { isUtf8 } from 'node:buffer'
import { ExportError } from '../export-error.ts'
import { bytesOf, type Source } from './bytes.ts'
import { fileError } from './failure.ts'
import { whatElse } from './magic.ts'

const NEWLINE = 0x0a
const MARK = Buffer.from([0xef, 0xbb, 0xbf])

/** The text of a file, in pieces that begin and end anywhere between two characters. */
export async function* textOf(source: Source): AsyncGenerator<string> {
  const file = source.name
  let rest: Buffer = Buffer.alloc(0)
  let line = 1
  let isBlank = true
  for await (const bytes of withoutMark(source)) {
    const all = rest.length > 0 ? Buffer.concat([rest, bytes]) : bytes
    const whole = all.subarray(0, all.length - openLength(all))
    rest = Buffer.from(all.subarray(whole.length))
    refuseNoText(file, whole, line)
    line += newlinesIn(whole)
    const text = whole.toString('utf8')
    isBlank &&= text.trim() === ''
    yield text
  }
  if (rest.length > 0) throw new ExportError('the file ends in the middle of a character', { file, line })
  if (isBlank) throw fileError(file, 'is empty')
}

async function* withoutMark(source: Source): AsyncGenerator<Buffer> {
  let isFirst = true
  for await (const chunk of bytesOf(source)) {
    const what = isFirst ? whatElse(chunk) : undefined
    if (what !== undefined) throw fileError(source.name, what)
    yield isFirst && chunk.subarray(0, MARK.length).equals(MARK) ? chunk.subarray(MARK.length) : chunk
    isFirst = false
  }
}

/** How many bytes at the end belong to a character that goes on in the next piece. */
function openLength(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back += 1) {
    const byte = bytes[bytes.length - back] ?? 0
    if (byte < 0x80) return 0
    if (byte >= 0xc0) return lengthFrom(byte) > back ? back : 0
  }
  return 0
}

function lengthFrom(lead: number): number {
  if (lead >= 0xf0) return 4
  return lead >= 0xe0 ? 3 : 2
}

const NO_UTF8 =
  'this is not UTF-8. Write it again: pg_dump --encoding=UTF8, mysqldump --default-character-set=utf8mb4 --hex-blob, or “CSV UTF-8” of a spreadsheet'
const NUL = 'this line has a NUL byte, which no text has: the file is damaged, or is no text'

function refuseNoText(file: string, bytes: Buffer, line: number): void {
  const nul = bytes.indexOf(0)
  if (nul !== -1) throw new ExportError(NUL, { file, line: line + newlinesIn(bytes.subarray(0, nul)) })
  if (!isUtf8(bytes)) throw new ExportError(NO_UTF8, { file, line: line + lineOfNoUtf8(bytes) })
}

function lineOfNoUtf8(bytes: Buffer): number {
  let lines = 0
  for (let from = 0; from < bytes.length; lines += 1) {
    const newline = bytes.indexOf(NEWLINE, from)
    const to = newline === -1 ? bytes.length : newline + 1
    if (!isUtf8(bytes.subarray(from, to))) return lines
    from = to
  }
  return lines
}

function newlinesIn(bytes: Buffer): number {
  let count = 0
  for (let at = bytes.indexOf(NEWLINE); at !== -1; at = bytes.indexOf(NEWLINE, at + 1)) count += 1
  return count
}
