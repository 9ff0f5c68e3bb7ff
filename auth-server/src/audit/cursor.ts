import { HttpError } from '../errors.ts'

/** The last event of a page. */
export type Position = { createdAt: string; id: string }

const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/
const ID = /^[A-Za-z0-9_-]{1,64}$/

export function writeCursor({ createdAt, id }: Position): string {
  return Buffer.from(JSON.stringify([createdAt, id])).toString('base64url')
}

/** Throws VALIDATION_ERROR: a cursor is what an earlier page gave. */
export function readCursor(cursor: string): Position {
  const [createdAt, id] = parse(cursor)
  if (typeof createdAt !== 'string' || typeof id !== 'string' || !ISO.test(createdAt) || !ID.test(id)) throw refused()
  if (Number.isNaN(Date.parse(createdAt))) throw refused()
  return { createdAt, id }
}

function parse(cursor: string): unknown[] {
  try {
    const value: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString())
    return Array.isArray(value) ? value : []
  } catch {
    throw refused()
  }
}

const refused = () => new HttpError('VALIDATION_ERROR', { message: 'The cursor is not one that an earlier page gave.' })
