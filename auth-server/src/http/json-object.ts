import { HttpError } from '../errors.ts'

export const MAX_DEPTH = 8
/** In valid JSON a string before a colon is a key, and nothing else is. */
const STRING_TOKEN = /"(?:[^"\\]|\\.)*"(\s*:)?/g
const LONE_SURROGATE = /\p{Cs}/u
const FORBIDDEN_KEYS = new Set(['__proto__', 'constructor', 'prototype'])

/** A body as one unambiguous object: what parsers disagree on, and what PostgreSQL cannot store, is refused. */
export function parseJsonObject(bytes: Uint8Array): Record<string, unknown> {
  const text = decode(bytes)
  const value = parse(text)
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new HttpError('INVALID_JSON', { message: 'The body must be a JSON object.' })
  }
  const keysRead = inspect(value, 0)
  const keysWritten = [...text.matchAll(STRING_TOKEN)].filter(([, colon]) => colon !== undefined).length
  if (keysRead !== keysWritten) throw new HttpError('INVALID_JSON', { message: 'A name appears twice in the body.' })
  return { ...value }
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw new HttpError('INVALID_JSON', { message: 'The body must be UTF-8.' })
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new HttpError('INVALID_JSON', { message: 'The body must be valid JSON.' })
  }
}

/** Refuses what must not come in, and counts the keys that did. */
function inspect(value: unknown, depth: number): number {
  if (depth > MAX_DEPTH) throw new HttpError('INVALID_JSON', { message: 'The body is nested too deeply.' })
  if (typeof value === 'string') refuseUnstorable(value)
  if (typeof value === 'number' && !Number.isFinite(value))
    throw new HttpError('INVALID_JSON', { message: 'The body has a number out of range.' })
  if (typeof value !== 'object' || value === null) return 0
  let keys = 0
  for (const [key, member] of Object.entries(value)) {
    keys += inspect(member, depth + 1)
    if (Array.isArray(value)) continue
    refuseUnstorable(key)
    if (FORBIDDEN_KEYS.has(key))
      throw new HttpError('INVALID_JSON', { message: 'The body has a name that is not allowed.' })
    keys += 1
  }
  return keys
}

/** NUL cannot be stored as text in PostgreSQL; half a surrogate pair cannot be written as UTF-8. */
function refuseUnstorable(text: string): void {
  if (text.includes('\0') || LONE_SURROGATE.test(text)) {
    throw new HttpError('INVALID_JSON', { message: 'The body has characters that are not text.' })
  }
}
