import { TextSearchIcon } from 'lucide-react'
import type { Action } from '../../../state/action.ts'
import { openConversationId, usePlace } from '../../../state/place.ts'
import { useFind } from './find-store.ts'

export const findFieldId = 'find-in-chat'

export const findAction: Action = {
  id: 'find',
  name: 'find.label',
  icon: TextSearchIcon,
  shortcut: 'Mod+F',
  when: () => openConversationId(usePlace.getState().place) !== null,
  perform: () => {
    useFind.setState({ open: true })
    // The bar is drawn with the next frame.
    requestAnimationFrame(() => document.querySelector<HTMLInputElement>(`#${findFieldId}`)?.select())
  },
}
