/** What the services answer, read from JSON that could be anything: a proxy's login page also arrives as a 200. */

export interface User {
  id: string
  email: string
  name: string
}

/** The backend's row for this user (`app_users`). */
export interface Profile {
  id: string
  userId: string
  email: string
  name: string
  createdAt: Date
}

export interface Note {
  id: string
  text: string
  createdAt: Date
}

export interface NotePage {
  notes: Note[]
  nextCursor: string | null
}

/** The answer was not what the contract says. */
export class UnexpectedAnswer extends Error {}

export function readSessionUser(body: unknown): User {
  const user = field(body, 'user')
  return { id: text(user, 'id'), email: text(user, 'email'), name: text(user, 'name') }
}

export function readProfile(body: unknown): Profile {
  return {
    id: text(body, 'id'),
    userId: text(body, 'userId'),
    email: text(body, 'email'),
    name: text(body, 'name'),
    createdAt: date(body, 'createdAt'),
  }
}

export function readNote(body: unknown): Note {
  return { id: text(body, 'id'), text: text(body, 'text'), createdAt: date(body, 'createdAt') }
}

export function readNotePage(body: unknown): NotePage {
  const notes = field(body, 'notes')
  if (!Array.isArray(notes)) throw new UnexpectedAnswer('notes is not a list')
  const cursor = field(body, 'nextCursor')
  return { notes: notes.map(readNote), nextCursor: typeof cursor === 'string' ? cursor : null }
}

function field(body: unknown, name: string): unknown {
  if (typeof body !== 'object' || !body) throw new UnexpectedAnswer(`${name} of no object`)
  return (body as Record<string, unknown>)[name]
}

function text(body: unknown, name: string): string {
  const value = field(body, name)
  if (typeof value !== 'string') throw new UnexpectedAnswer(`${name} is not a text`)
  return value
}

function date(body: unknown, name: string): Date {
  const value = new Date(text(body, name))
  if (Number.isNaN(value.getTime())) throw new UnexpectedAnswer(`${name} is not a date`)
  return value
}
