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
    // Where it is open already.
    selectFindField()
    // After a menu that led here has given back the focus; not of what a quick hand has typed into it by now.
    requestAnimationFrame(() => {
      if (document.activeElement?.id !== findFieldId) selectFindField()
    })
  },
}
