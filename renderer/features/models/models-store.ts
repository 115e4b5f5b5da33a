import { create } from 'zustand'
import type { ProblemInfo } from '../../../preload/contract.ts'
import { useAppInfo } from '../../state/app-info.ts'
import { problemFrom } from '../../state/bridge.ts'
import { ollama } from '../../state/ollama.ts'
import { changeSettings } from '../../state/settings.ts'
import { type InstalledModel, installedModel, isTrial } from './installed-model.ts'

export interface ModelsState {
  /** Models on this computer, newest first; null until they were read once. */
  readonly models: readonly InstalledModel[] | null
  /** Why the list could not be read the last time. */
  readonly problem: ProblemInfo | null
  /** What the person picked for a chat, by conversation; by the empty text for one that is not begun. */
  readonly picked: Readonly<Record<string, string>>
  readonly pickerOpen: boolean
  /** What waits for a model to be picked, e.g. the answer that failed with another. */
  readonly afterPick: ((model: string) => void) | null
}

export const useModels = create<ModelsState>(() => ({
  models: null,
  problem: null,
  picked: {},
  pickerOpen: false,
  afterPick: null,
}))

/** How often the list was asked for: an answer that a later one has overtaken says what was. */
let asked = 0

/** Reads the list of models again. */
export async function refreshModels(): Promise<void> {
  const { demoModel } = useAppInfo.getState()
  asked += 1
  const mine = asked
  try {
    const { models } = await ollama.list()
    if (mine !== asked) return
    // What is tried is not yet one of the person's models.
    const kept = models.filter(({ name }) => !isTrial(name))
    const installed = kept.map(model => installedModel(model, demoModel))
    useModels.setState({ models: installed, problem: null })
  } catch (error) {
    if (mine === asked) useModels.setState({ problem: problemFrom(error) })
  }
}

/** Opens or closes the picker; every opening looks for models anew. */
export function openPicker(pickerOpen: boolean): void {
  useModels.setState(pickerOpen ? { pickerOpen } : { pickerOpen, afterPick: null })
  if (pickerOpen) void refreshModels()
}

/** Lets the person pick a model, and goes on with it; not picking one is no answer. */
export function choosingModel(afterPick: (model: string) => void): void {
  openPicker(true)
  useModels.setState({ afterPick })
}

/** Takes the model for this chat; for one that is not begun it becomes the usual one. */
export async function pickModel(conversationId: string | null, model: string): Promise<void> {
  const { afterPick, picked } = useModels.getState()
  useModels.setState({ pickerOpen: false, afterPick: null })
  if (conversationId === null) forgetNextModel()
  else useModels.setState({ picked: { ...picked, [conversationId]: model } })
  afterPick?.(model)
  if (conversationId === null) await changeSettings({ model })
}

/** Takes the model for the next new chat alone: it does not become the usual one. */
export function pickForNextChat(model: string): void {
  useModels.setState(({ picked }) => ({ picked: { ...picked, '': model } }))
}

/** The next new chat takes the usual model again. */
export function forgetNextModel(): void {
  useModels.setState(({ picked: { '': _, ...picked } }) => ({ picked }))
}
