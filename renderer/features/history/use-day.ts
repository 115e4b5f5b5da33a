import { useEffect, useState } from 'react'

/** Milliseconds between two looks at the calendar: a timer until midnight would stand still while the computer sleeps. */
const lookEvery = 60_000

/** When today began: changes within a minute of midnight, so that "today" becomes "yesterday" by itself. */
export function useDay(): number {
  const [day, setDay] = useState(today)
  useEffect(() => {
    const timer = setInterval(() => setDay(today()), lookEvery)
    return () => clearInterval(timer)
  }, [])
  return day
}

const today = () => new Date().setHours(0, 0, 0, 0)
