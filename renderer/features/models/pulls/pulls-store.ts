import { create } from 'zustand'
import type { Pull } from '../../../../preload/contract.ts'
import { call, subscribe } from '../../../state/bridge.ts'
import { usePlace } from '../../../state/place.ts'
import { showToast } from '../../../state/toasts.ts'
import { chatWith } from '../chat-with.ts'
import { refreshModels } from '../models-store.ts'
import type { PullReference } from './pull-reference.ts'

/** The models on their way here, in the order they were asked for; main keeps them, whatever the window does. */
export const usePulls = create<{ pulls: readonly Pull[] }>(() => ({ pulls: [] }))

/** Follows main's list from now on. */
export function followPulls(): void {
  subscribe('pulls.watch', {}, pulls => {
    const before = usePulls.getState().pulls
    usePulls.setState({ pulls })
    for (const { model, state } of pulls) {
      const was = before.find(pull => pull.model === model)?.state
      if (state === 'done' && was !== undefined && was !== 'done') arrived(model)
    }
  })
}

function arrived(model: string): void {
  void refreshModels()
  if (usePlace.getState().place.kind === 'models') return
  const chat = { label: 'manage.chat', perform: () => chatWith(model) } as const
  showToast({ text: 'manage.readyToast', values: { model }, action: chat })
}

/** @returns its name on the list */
export async function startPull(reference: PullReference): Promise<string> {
  return (await call('pulls.start', { ...reference })).model
}

export async function pausePull({ model }: Pull): Promise<void> {
  await call('pulls.pause', { model })
}

export async function resumePull({ model }: Pull): Promise<void> {
  await call('pulls.resume', { model })
}

export async function removePull({ model }: Pull): Promise<void> {
  await call('pulls.remove', { model })
}
