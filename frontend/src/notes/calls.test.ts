import { expect, test } from 'vitest'
import limits from '../../../contract/limits.json' with { type: 'json' }
import { issuesOf } from '../../test/forms.ts'
import { clientOf, reasonFrom, refusing } from '../../test/service.ts'
import { addNote, deleteNote, fetchNotes, NOTE_MAX } from './calls.ts'
import { noteTexts } from './texts.ts'

test('a note has the limit of the contract, and its text names it', () => {
  expect(NOTE_MAX).toBe(limits.noteMaxCharacters)
  expect(noteTexts.tooLong.en).toContain(` ${NOTE_MAX.toLocaleString('en')} `)
  expect(noteTexts.tooLong.de).toContain(` ${NOTE_MAX.toLocaleString('de')} `)
})

test('a cursor and an id are encoded in the path', async () => {
  const urls: (string | undefined)[] = []
  const backend = await clientOf((request, response) => {
    urls.push(request.url)
    response.end(JSON.stringify({ notes: [], nextCursor: null }))
  })

  await fetchNotes(backend, 'a&b=c/?')
  await deleteNote(backend, '../me')

  expect(urls).toEqual(['/api/notes?cursor=a%26b%3Dc%2F%3F', '/api/notes/..%2Fme'])
})

test('a note that does not exist any more is deleted', async () => {
  await deleteNote(await clientOf(refusing(404, 'NOT_FOUND')), 'n1')
})

test.each([400, 413, 422])('a note that the backend refuses with %i can be corrected in its field', async (status) => {
  const backend = await clientOf(refusing(status, 'INVALID_REQUEST'))

  expect(await issuesOf(() => addNote(backend, 'a note'))).toEqual([['text', noteTexts.refused.en]])
})

test('another error of adding a note is passed on', async () => {
  const backend = await clientOf(refusing(401, 'SESSION_EXPIRED'))

  expect(await reasonFrom(addNote(backend, 'a note'))).toMatchObject({ kind: 'refused', code: 'SESSION_EXPIRED' })
})
