import { ExportError } from '../export-error.ts'
import { MAX_PIECE_CHARACTERS } from './bounds.ts'

/** Lines without their ends; `first` is the number of the first of them. */
export type Lines = { first: number; lines: string[] }

export async function* linesOf(file: string, pieces: AsyncIterable<string>): AsyncGenerator<Lines> {
  let begun: string[] = []
  let begunLength = 0
  let first = 1
  for await (const piece of pieces) {
    const lines = piece.split('\n')
    const last = lines.pop() ?? ''
    if (lines.length === 0) begun.push(last)
    else {
      lines[0] = [...begun, lines[0]].join('')
      yield { first, lines: lines.map(withoutReturn) }
      first += lines.length
      begun = [last]
      begunLength = 0
    }
    begunLength += last.length
    if (begunLength > MAX_PIECE_CHARACTERS) {
      throw new ExportError(`this line has more than ${MAX_PIECE_CHARACTERS} characters`, { file, line: first })
    }
  }
  const end = begun.join('')
  if (end !== '') yield { first, lines: [withoutReturn(end)] }
}

const withoutReturn = (line: string) => (line.endsWith('\r') ? line.slice(0, -1) : line)
