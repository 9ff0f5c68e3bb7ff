import { useEffect } from 'react'

const NO_BREAK_SPACE = '\u00a0'

/**
 * Lets screen readers say a text, after what they are saying. The region that it is put into exists from the start, because
 * what appears together with its text often stays unheard.
 */
export function announce(text: string): void {
  const region = regionInUse()
  if (!region) return
  // The same text again would be no change, which nobody hears.
  region.textContent = region.textContent === text ? text + NO_BREAK_SPACE : text
}

/** Announces the text each time the condition becomes true. */
export function useAnnounceWhen(condition: boolean, text: string): void {
  useEffect(() => {
    if (condition) announce(text)
  }, [condition, text])
}

/** A modal dialog silences all that is outside it, so it has a region of its own. */
function regionInUse(): HTMLElement | null {
  const inDialogs = document.querySelectorAll<HTMLElement>('dialog[open] > [role="status"]')
  return Array.from(inDialogs).at(-1) ?? document.getElementById('announcer')
}
