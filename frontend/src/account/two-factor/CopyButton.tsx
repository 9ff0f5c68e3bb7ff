import { useState } from 'react'
import { announce } from '../../components/announcer.ts'
import { useTexts } from '../../texts/language.tsx'
import { twoFactorTexts } from './texts.ts'

/** Says on itself that it worked, or beside itself that the browser did not allow it. */
export function CopyButton({ text, label }: { text: string; label: string }) {
  const texts = useTexts(twoFactorTexts)
  const [result, setResult] = useState<'copied' | 'refused' | null>(null)

  async function copy(): Promise<void> {
    const next = await copied(text)
    setResult(next)
    announce(next === 'copied' ? texts.copied : texts.notCopied)
  }

  return (
    <>
      <button type="button" className="button plain" onClick={() => void copy()}>
        {result === 'copied' ? texts.copied : label}
      </button>
      {result === 'refused' && <p className="hint">{texts.notCopied}</p>}
    </>
  )
}

/** Without https, browsers have no clipboard for pages. */
async function copied(text: string): Promise<'copied' | 'refused'> {
  try {
    await navigator.clipboard.writeText(text)
    return 'copied'
  } catch {
    return 'refused'
  }
}
