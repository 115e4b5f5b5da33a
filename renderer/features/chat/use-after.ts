import { useEffect, useState } from 'react'

/** Whether what asks has stood for so many milliseconds. */
export function useAfter(milliseconds: number): boolean {
  const [past, setPast] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setPast(true), milliseconds)
    return () => clearTimeout(timer)
  }, [milliseconds])
  return past
}
