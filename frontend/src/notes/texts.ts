import type { Texts } from '../texts/texts.ts'

export const noteTexts = {
  title: { en: 'Your notes', de: 'Ihre Notizen' },
  new: { en: 'New note', de: 'Neue Notiz' },
  placeholder: { en: 'What would you like to remember?', de: 'Was möchten Sie sich merken?' },
  add: { en: 'Add note', de: 'Notiz speichern' },
  adding: { en: 'Adding…', de: 'Wird gespeichert …' },
  added: { en: 'Note added.', de: 'Notiz gespeichert.' },
  delete: { en: 'Delete', de: 'Löschen' },
  deleteThis: {
    en: (text: string) => `Delete note: ${text}`,
    de: (text: string) => `Notiz löschen: ${text}`,
  },
  deleteTitle: { en: 'Delete this note?', de: 'Diese Notiz löschen?' },
  deleting: { en: 'Deleting…', de: 'Wird gelöscht …' },
  deleted: { en: 'Note deleted.', de: 'Notiz gelöscht.' },
  empty: { en: 'No notes yet', de: 'Noch keine Notizen' },
  emptyHint: {
    en: 'Write your first one above. Only you can see it.',
    de: 'Schreiben Sie oben Ihre erste Notiz. Nur Sie können sie sehen.',
  },
  more: { en: 'Load more', de: 'Mehr laden' },
  loadingMore: { en: 'Loading…', de: 'Wird geladen …' },
  loadedMore: {
    en: (count: number) => `${count} more ${count === 1 ? 'note' : 'notes'} loaded.`,
    de: (count: number) => `${count} weitere ${count === 1 ? 'Notiz' : 'Notizen'} geladen.`,
  },
  noMore: { en: 'These are all of your notes.', de: 'Das sind alle Ihre Notizen.' },
  loaded: { en: 'Your notes are loaded.', de: 'Ihre Notizen sind geladen.' },
  notLoaded: { en: 'Your notes could not be loaded.', de: 'Ihre Notizen konnten nicht geladen werden.' },
  missing: { en: 'Write something first.', de: 'Schreiben Sie zuerst etwas.' },
  tooLong: {
    en: 'A note can have at most 2,000 characters.',
    de: 'Eine Notiz darf höchstens 2.000 Zeichen haben.',
  },
  refused: {
    en: 'This note cannot be saved: it is too long or contains characters that are not allowed.',
    de: 'Diese Notiz kann nicht gespeichert werden: Sie ist zu lang oder enthält Zeichen, die nicht erlaubt sind.',
  },
} satisfies Texts
