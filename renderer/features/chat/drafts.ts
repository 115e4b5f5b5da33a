import { addPictures, draftPictures, dropPictures } from '../pictures/draft-pictures.ts'

/** What is typed and not yet sent, kept for each chat over reloads and restarts of the window. */

const key = (conversationId: string | null) => `hearth.draft.${conversationId ?? 'new'}`

/** Chats whose draft is of this window's life: typed in it, or found not to be sent yet. */
const current = new Set<string>()

export const draftOf = (conversationId: string | null): string => localStorage.getItem(key(conversationId)) ?? ''

export function keepDraft(conversationId: string | null, text: string): void {
  current.add(key(conversationId))
  if (text === '') localStorage.removeItem(key(conversationId))
  else {
    try {
      localStorage.setItem(key(conversationId), text)
    } catch (error) {
      // A text of several million letters does not fit the store; it stays in the box, as long as the window is open.
      if (!(error instanceof DOMException)) throw error
    }
  }
}

/** Takes files into the draft. */
export function attach(conversationId: string | null, files: readonly File[]): void {
  current.add(key(conversationId))
  void addPictures(conversationId, files)
}

/** Whether the draft is from an earlier life of the window, and nobody has looked yet whether it was sent. */
export const isRestored = (conversationId: string | null): boolean =>
  (draftOf(conversationId) !== '' || draftPictures(conversationId).pictures.length > 0) &&
  !current.has(key(conversationId))

/**
 * Forgets a restored draft that is on disk as a question: when the app is killed, the emptied draft may not be there yet.
 * @param sent the question it may have become
 */
export function settleRestored(conversationId: string | null, sent: string | undefined): void {
  const draft = draftOf(conversationId)
  if (!isRestored(conversationId)) return
  if (draft === sent) dropPictures(conversationId, draftPictures(conversationId).pictures)
  keepDraft(conversationId, draft === sent ? '' : draft)
}
