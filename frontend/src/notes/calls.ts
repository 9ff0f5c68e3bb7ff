import type { Client } from '../api/client.ts'
import { readDate, readField, readList, readNothing, readText } from '../api/read.ts'
import { isRefusal } from '../api/request-error.ts'
import { InvalidForm } from '../components/form/error-details.ts'
import { countCharacters } from '../components/form/rules.ts'
import { noteTexts } from './texts.ts'

export interface Note {
  id: string
  text: string
  createdAt: Date
}

export interface NotePage {
  notes: Note[]
  nextCursor: string | null
}

/** In characters (code points), as in contract/limits.json. */
export const NOTE_MAX = 2000

export const fetchNotes = (backend: Client, cursor: string | null) =>
  backend('GET', cursor ? `/api/notes?${new URLSearchParams({ cursor })}` : '/api/notes', readNotePage)

/** Throws InvalidForm, also for what only the backend can refuse: some characters, or a limit that is stricter by now. */
export async function addNote(backend: Client, typed: string): Promise<Note> {
  const text = readNewNote(typed)
  try {
    return await backend('POST', '/api/notes', readNote, { text })
  } catch (error) {
    throw isRefusal(error, [400, 413, 422]) ? new InvalidForm([{ field: 'text', text: noteTexts.refused }]) : error
  }
}

/** Also succeeds if the note does not exist any more. */
export async function deleteNote(backend: Client, id: string): Promise<void> {
  try {
    await backend('DELETE', `/api/notes/${encodeURIComponent(id)}`, readNothing)
  } catch (error) {
    if (!isRefusal(error, [404])) throw error
  }
}

function readNewNote(typed: string): string {
  const text = typed.trim()
  if (text === '') throw new InvalidForm([{ field: 'text', text: noteTexts.missing }])
  if (countCharacters(text) > NOTE_MAX) throw new InvalidForm([{ field: 'text', text: noteTexts.tooLong }])
  return text
}

function readNote(body: unknown): Note {
  return { id: readText(body, 'id'), text: readText(body, 'text'), createdAt: readDate(body, 'createdAt') }
}

function readNotePage(body: unknown): NotePage {
  const cursor = readField(body, 'nextCursor')
  return { notes: readList(body, 'notes', readNote), nextCursor: typeof cursor === 'string' ? cursor : null }
}
