import { useCallback } from 'react'
import type { NotePage } from '../../api/answers.ts'
import { isRefusedWith, RequestFailed } from '../../api/problem.ts'
import { InvalidForm } from '../../components/form/failure.ts'
import { useServices } from '../../services.ts'
import { useLoad } from './useLoad.ts'

/** What the form cannot know: characters that cannot be kept, or a limit that has become stricter. */
const REFUSED_TEXT = [400, 413, 422]

/** This user's notes, newest first, as many pages as were asked for. */
export function useNotes() {
  const { api } = useServices()
  const [loaded, setLoaded] = useLoad(useCallback(() => api.fetchNotes(null), [api]))

  /** A list that is still under way was read before the change: it is loaded again. */
  function change(to: (page: NotePage) => NotePage): void {
    setLoaded((now) => (now.kind === 'ready' ? { kind: 'ready', value: to(now.value) } : { kind: 'loading' }))
  }

  return {
    loaded,
    reload: () => setLoaded({ kind: 'loading' }),
    async add(text: string): Promise<void> {
      const note = await api.addNote(text).catch(explainRefusal)
      change((page) => ({ ...page, notes: [note, ...page.notes] }))
    },
    /** A note that is gone already is what was wanted. */
    async remove(id: string): Promise<void> {
      await api.deleteNote(id).catch(ignoreMissing)
      change((page) => ({ ...page, notes: page.notes.filter((note) => note.id !== id) }))
    },
    async loadMore(cursor: string): Promise<void> {
      const next = await api.fetchNotes(cursor)
      change((page) => ({ notes: [...page.notes, ...next.notes], nextCursor: next.nextCursor }))
    },
  }
}

function explainRefusal(error: unknown): never {
  const isText = error instanceof RequestFailed && isRefusedWith(error.problem, REFUSED_TEXT)
  throw isText ? new InvalidForm([{ field: 'text', text: 'noteRefused' }]) : error
}

function ignoreMissing(error: unknown): void {
  if (!(error instanceof RequestFailed && isRefusedWith(error.problem, [404]))) throw error
}
