import type { ClipboardEvent } from 'react'
import type { DraftPlace } from '../../state/drafts.ts'
import { addPictures } from './draft-pictures.ts'

/** Takes files that are pasted into a draft's field. */
export function pastePictures(place: DraftPlace, event: ClipboardEvent): void {
  const { clipboardData } = event
  // Programs put a picture beside the text of a table: then the text is meant.
  if (clipboardData.files.length === 0 || clipboardData.types.includes('text/plain')) return
  event.preventDefault()
  void addPictures(place, [...clipboardData.files])
}
