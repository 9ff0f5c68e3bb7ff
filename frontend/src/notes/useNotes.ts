import { useCallback } from 'react'
import { useLoad } from '../components/useLoad.ts'
import { useServices } from '../services.ts'
import { addNote, deleteNote, fetchNotes, type NotePage } from './calls.ts'

/** This user's notes, newest first, as many pages as were asked for. */
export function useNotes() {
  const { backend } = useServices()
  const [loaded, setLoaded] = useLoad(useCallback(() => fetchNotes(backend, null), [backend]))

  /** A list that is still loading may have been read before the change, so it is loaded again. */
  function change(to: (page: NotePage) => NotePage): void {
    setLoaded((now) => (now.kind === 'ready' ? { kind: 'ready', value: to(now.value) } : { kind: 'loading' }))
  }

  return {
    loaded,
    reload: () => setLoaded({ kind: 'loading' }),
    async add(text: string): Promise<void> {
      const note = await addNote(backend, text)
      change((page) => ({ ...page, notes: [note, ...page.notes] }))
    },
    async remove(id: string): Promise<void> {
      await deleteNote(backend, id)
      change((page) => ({ ...page, notes: page.notes.filter((note) => note.id !== id) }))
    },
    async loadMore(cursor: string): Promise<void> {
      const next = await fetchNotes(backend, cursor)
      change((page) => ({ notes: [...page.notes, ...next.notes], nextCursor: next.nextCursor }))
    },
  }
}
