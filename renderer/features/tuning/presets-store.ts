import { create } from 'zustand'
import type { Preset } from '../../../preload/contract.ts'
import { i18next } from '../../i18n/i18n.ts'
import { call, subscribe } from '../../state/bridge.ts'
import { attempt } from '../../state/perform.ts'
import { changeSettings, useSettings } from '../../state/settings.ts'
import { showToast } from '../../state/toasts.ts'
import { builtinPresets } from './builtin-presets.ts'
import { applyTuning, type Tuning, tuningOf, useNextDefault } from './tuning-store.ts'

/** The person's own presets, by name. */
export const usePresets = create<{ own: readonly Preset[] }>(() => ({ own: [] }))

/** Follows the presets, and which of them new chats begin with. Call once, after the settings are known. */
export function followPresets(): void {
  const tellDefault = () => useNextDefault.setState({ tuning: tuningOfPreset(useSettings.getState().preset) })
  subscribe('presets.watch', {}, own => {
    usePresets.setState({ own })
    tellDefault()
  })
  useSettings.subscribe(tellDefault)
  i18next.on('languageChanged', tellDefault)
}

/** The built-in presets in the language of the window, then the person's own. */
export function allPresets(own: readonly Preset[]): readonly (Preset & { readonly builtin: boolean })[] {
  return [
    ...builtinPresets.map(({ id, name, system, parameters }) => ({
      id,
      parameters,
      builtin: true,
      name: i18next.t(name),
      system: i18next.t(system),
    })),
    ...own.map(preset => ({ ...preset, builtin: false })),
  ]
}

/** Answers in a chat as the preset says from now on; what was set before is a click away. */
export function applyPreset(conversationId: string | null, { name, system, parameters }: Preset): void {
  const before = tuningOf(conversationId)
  applyTuning(conversationId, { system, parameters })
  showToast({
    text: 'presets.applied',
    values: { name },
    action: { label: 'app.undo', perform: () => applyTuning(conversationId, before) },
  })
}

/** Keeps how a chat is answered under a name. */
export async function savePreset(name: string, { system, parameters }: Tuning): Promise<void> {
  const given = name.trim()
  await call('presets.save', { id: null, name: given, system, parameters })
  showToast({ text: 'presets.saved', values: { name: given } })
}

/** An empty name is none. */
export async function renamePreset({ id, name: before, system, parameters }: Preset, name: string): Promise<void> {
  const given = name.trim()
  if (given !== '' && given !== before) await call('presets.save', { id, name: given, system, parameters })
}

/** Deletes a preset and offers to take it back; chats that were begun with it keep what it said. */
export async function deletePreset({ id, name, system, parameters }: Preset): Promise<void> {
  const chosen = useSettings.getState().preset === id
  if (chosen) await changeSettings({ preset: '' })
  await call('presets.delete', { presetId: id })
  const restore = async () => {
    const { presetId } = await call('presets.save', { id: null, name, system, parameters })
    if (chosen) await changeSettings({ preset: presetId })
  }
  showToast({
    text: 'presets.deleted',
    values: { name },
    action: { label: 'app.undo', perform: () => attempt(restore) },
  })
}

function tuningOfPreset(id: string): Tuning | null {
  const preset = allPresets(usePresets.getState().own).find(known => known.id === id)
  return preset ? { system: preset.system, parameters: preset.parameters } : null
}
