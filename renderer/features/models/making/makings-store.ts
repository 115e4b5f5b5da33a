import { create } from 'zustand'
import type { Making } from '../../../../preload/contract.ts'
import { call, subscribe } from '../../../state/bridge.ts'
import { showToast } from '../../../state/toasts.ts'
import { chatWith } from '../chat-with.ts'
import { refreshModels } from '../models-store.ts'

/** The models in the making, those being tried among them; main keeps them, whatever the window does. */
export const useMakings = create<{ makings: readonly Making[] }>(() => ({ makings: [] }))

/** Follows main's list from now on. */
export function followMakings(): void {
  subscribe('makings.watch', {}, makings => {
    const before = useMakings.getState().makings
    useMakings.setState({ makings })
    for (const { id, model, state, trial } of makings) {
      const was = before.find(making => making.id === id)?.state
      if (!trial && state === 'done' && was !== undefined && was !== 'done') arrived(model)
    }
  })
}

/** Tells that a model is here: its row is at the top of a long page, and the person may be anywhere. */
export function arrived(model: string): void {
  void refreshModels()
  const chat = { label: 'manage.chat', perform: () => chatWith(model) } as const
  showToast({ text: 'making.readyToast', values: { model }, action: chat })
}

/** Takes one off the list, and breaks off what is under way. */
export async function removeMaking(id: string): Promise<void> {
  await call('makings.remove', { id })
}
