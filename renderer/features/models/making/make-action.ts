import { HammerIcon } from 'lucide-react'
import type { Action } from '../../../state/action.ts'
import { go } from '../../../state/place.ts'

export const makeAction: Action = {
  id: 'make-model',
  name: 'making.action',
  icon: HammerIcon,
  perform: () => go({ kind: 'models', view: 'create' }),
}
