import { useTexts } from '../../texts/language.tsx'
import { activityTexts } from './texts.ts'

/** What to do about something that somebody else did: it leads to the sections that can help. */
export function NotYou({ ids }: { ids: readonly string[] }) {
  const texts = useTexts(activityTexts)
  const hasPassword = ids.includes('change-password')
  return (
    <>
      {texts.notYou} <a href="#devices">{texts.signOutFirst}</a>
      {hasPassword && (
        <>
          {texts.and} <a href="#change-password">{texts.thenPassword}</a>
        </>
      )}
      .
    </>
  )
}
