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

/** The brand has the addresses. */
export const brandTexts = {
  label: { en: 'Help and legal', de: 'Hilfe und Rechtliches' },
  support: { en: 'Help', de: 'Hilfe' },
  terms: { en: 'Terms', de: 'Nutzungsbedingungen' },
  privacy: { en: 'Privacy', de: 'Datenschutz' },
  newTab: { en: '(opens in a new tab)', de: '(öffnet sich in einem neuen Tab)' },
} satisfies Texts
