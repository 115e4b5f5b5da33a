import { MessageSquareDotIcon } from 'lucide-react'
import type { Action } from '../../state/action.ts'
import { call } from '../../state/bridge.ts'

export const quickAction: Action = {
  id: 'quick',
  name: 'quick.title',
  icon: MessageSquareDotIcon,
  perform: async () => {
    await call('quick.show', {})
  },
}
