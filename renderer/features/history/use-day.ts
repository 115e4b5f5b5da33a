import { useEffect, useState } from 'react'

/** The time as of today: changes at midnight, so that "today" becomes "yesterday" by itself. */
export function useDay(): number {
  const [now, setNow] = useState(Date.now)
  useEffect(() => {
    const midnight = new Date(now)
    midnight.setHours(24, 0, 0, 0)
    const timer = setTimeout(() => setNow(Date.now()), midnight.getTime() - now + 1000)
    return () => clearTimeout(timer)
  }, [now])
  return now
}
