import { useEffect, useState } from 'react'
import { useTexts } from '../../texts/language.tsx'
import { formTexts } from './texts.ts'

/** Only for the eyes: a screen reader that announced every second would say nothing else. */
export function Countdown({ seconds }: { seconds: number }) {
  const texts = useTexts(formTexts)
  const [left, setLeft] = useState(seconds)

  useEffect(() => {
    const end = Date.now() + seconds * 1000
    const timer = setInterval(() => {
      const rest = Math.max(0, Math.ceil((end - Date.now()) / 1000))
      setLeft(rest)
      if (rest === 0) clearInterval(timer)
    }, 250)
    return () => clearInterval(timer)
  }, [seconds])

  if (left === 0) return <p role="status">{texts.waitIsOver}</p>
  return (
    <p role="timer" aria-live="off">
      {texts.timeLeft(left)}
    </p>
  )
}
