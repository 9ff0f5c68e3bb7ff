import { useEffect, useState } from 'react'

/** Counts down to 0; null where there is nothing to wait for. */
export function useSecondsLeft(seconds: number | null): number | null {
  const [left, setLeft] = useState(seconds)

  useEffect(() => {
    if (seconds === null) return
    const end = Date.now() + seconds * 1000
    const timer = setInterval(() => {
      const rest = Math.max(0, Math.ceil((end - Date.now()) / 1000))
      setLeft(rest)
      if (rest === 0) clearInterval(timer)
    }, 250)
    return () => clearInterval(timer)
  }, [seconds])

  return left
}
