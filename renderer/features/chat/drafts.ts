/** What is typed and not yet sent, kept for each chat over reloads and restarts of the window. */

const key = (conversationId: string | null) => `hearth.draft.${conversationId ?? 'new'}`

export const draftOf = (conversationId: string | null): string => localStorage.getItem(key(conversationId)) ?? ''

export function keepDraft(conversationId: string | null, text: string): void {
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
