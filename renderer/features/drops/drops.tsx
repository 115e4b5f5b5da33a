import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { usePlace } from '../../state/place.ts'
import { takeFiles, takerAt } from './take-files.ts'

const hasFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') ?? false

/** The draft whose box something is in, as it says so; the composer says nothing: it takes what is dropped anywhere. */
const draftUnder = (target: EventTarget | null): string | undefined =>
  target instanceof Element ? target.closest<HTMLElement>('[data-draft]')?.dataset.draft : undefined

/** Takes the files that are dropped anywhere on the window, and says what that does while they hover above it. */
export function Drops() {
  const { t } = useTranslation()
  const place = usePlace(state => state.place)
  const over = useFilesAbove()
  if (!over) return null
  return (
    <div className="pointer-events-none absolute inset-3 z-20 grid place-items-center rounded-large border-2 border-dashed border-ember bg-ember-wash px-6 text-center text-title text-ember-text opacity-95">
      {t(takerAt(place).text)}
    </div>
  )
}

/** One listener for the whole window: whoever has just gone to another place drops the files there. */
function useFilesAbove(): boolean {
  const [over, setOver] = useState(false)
  useEffect(() => {
    const hover = (event: DragEvent) => {
      if (!hasFiles(event)) return
      event.preventDefault()
      setOver(true)
    }
    const leave = (event: DragEvent) => {
      // Going from one element to the next is no leaving.
      if (event.relatedTarget === null) setOver(false)
    }
    const drop = (event: DragEvent) => {
      setOver(false)
      if (!hasFiles(event)) return
      event.preventDefault()
      // Where the window is now: what is drawn may be a moment behind.
      takeFiles(usePlace.getState().place, [...(event.dataTransfer?.files ?? [])], draftUnder(event.target))
    }
    window.addEventListener('dragover', hover)
    window.addEventListener('dragleave', leave)
    window.addEventListener('drop', drop)
    return () => {
      window.removeEventListener('dragover', hover)
      window.removeEventListener('dragleave', leave)
      window.removeEventListener('drop', drop)
    }
  }, [])
  return over
}
