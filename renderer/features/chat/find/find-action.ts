import { TextSearchIcon } from 'lucide-react'
import type { Action } from '../../../state/action.ts'
import { openConversationId, usePlace } from '../../../state/place.ts'
import { useFind } from './find-store.ts'

export const findFieldId = 'find-in-chat'

export const selectFindField = () => document.querySelector<HTMLInputElement>(`#${findFieldId}`)?.select()

export const findAction: Action = {
  id: 'find',
  name: 'find.label',
  icon: TextSearchIcon,
  shortcut: 'Mod+F',
  when: () => openConversationId(usePlace.getState().place) !== null,
  perform: () => {
    useFind.setState({ open: true })
    // Again where it is open already, and after a menu that led here has given back the focus.
    requestAnimationFrame(selectFindField)
  },
}
