import type { Texts } from '../texts/texts.ts'

export const commonTexts = {
  language: { en: 'Language', de: 'Sprache' },
  tryAgain: { en: 'Try again', de: 'Erneut versuchen' },
  cancel: { en: 'Cancel', de: 'Abbrechen' },
  requestId: {
    en: (id: string) => `For support: ${id}`,
    de: (id: string) => `Für den Support: ${id}`,
  },
} satisfies Texts
