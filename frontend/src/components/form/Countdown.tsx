import { useEffect, useState } from 'react'
import { useTexts } from '../../texts/language.tsx'

/** Counts down on the screen only: read out every second it would drown everything else. */
export function Countdown({ seconds }: { seconds: number }) {
  const { common, problems } = useTexts()
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

  if (left === 0) return <p role="status">{problems.tooManyOver}</p>
  return (
    <p role="timer" aria-live="off">
      {problems.waitLeft} {common.seconds(left)}
    </p>
  )
}
