import { Trash2Icon } from 'lucide-react'
import type { Action } from '../../state/action.ts'
import { go } from '../../state/place.ts'

export const trashAction: Action = {
  id: 'trash',
  name: 'trash.title',
  icon: Trash2Icon,
  perform: () => go({ kind: 'trash' }),
}
