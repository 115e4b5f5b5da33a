import { go } from '../../state/place.ts'
import { focusComposer } from './composer-focus.ts'

/** An empty chat; nothing is stored until its first question. */
export function newChat(): void {
  go({ kind: 'chat', conversationId: null })
  // When the composer is not there yet it takes the focus as it appears.
  focusComposer()
}
