import { useCallback } from 'react'
import { flushSync } from 'react-dom'
import { useLoad } from '../components/useLoad.ts'
import { useServices } from '../services.ts'
import { addNote, deleteNote, fetchNotes, type NotePage } from './calls.ts'

/** This user's notes, newest first, as many pages as were asked for. */
export function useNotes(recovered: string) {
  const { backend } = useServices()
  const { loaded, setLoaded, retry } = useLoad(
    useCallback(() => fetchNotes(backend, null), [backend]),
    recovered,
  )

  /** A list that is still loading may have been read before the change, so it is loaded again. */
  function change(to: (page: NotePage) => NotePage): void {
    setLoaded((now) => (now.kind === 'ready' ? { kind: 'ready', value: to(now.value) } : { kind: 'loading' }))
  }

  return {
    loaded,
    retry,
    async add(text: string): Promise<void> {
      const note = await addNote(backend, text)
      change((page) => ({ ...page, notes: [note, ...page.notes] }))
    },
    async remove(id: string): Promise<void> {
      await deleteNote(backend, id)
      change((page) => ({ ...page, notes: page.notes.filter((note) => note.id !== id) }))
    },
    /** The notes that came are on the page when it returns. */
    async loadMore(cursor: string): Promise<NotePage> {
      const next = await fetchNotes(backend, cursor)
      flushSync(() => change((page) => ({ notes: [...page.notes, ...next.notes], nextCursor: next.nextCursor })))
      return next
    },
  }
}
