import { SlidersHorizontalIcon } from 'lucide-react'
import type { Action } from '../../state/action.ts'
import { usePlace } from '../../state/place.ts'
import { useTuningState } from './tuning-store.ts'

export const tuningAction: Action = {
  id: 'tuning',
  name: 'tuning.title',
  icon: SlidersHorizontalIcon,
  shortcut: 'Mod+Shift+P',
  when: () => usePlace.getState().place.kind === 'chat',
  perform: () => useTuningState.setState(({ open }) => ({ open: !open })),
}
