import type { Parameters } from '../../../preload/contract.ts'
import type { TextKey } from '../../i18n/texts.ts'

/** A preset that comes with the app, in the language of the window. */
export interface BuiltinPreset {
  /** As the settings name it. */
  readonly id: string
  readonly name: TextKey
  readonly system: TextKey
  readonly parameters: Parameters
}

export const builtinPresets: readonly BuiltinPreset[] = [
  { id: 'builtin:teacher', name: 'presets.teacher', system: 'presets.teacherSystem', parameters: { temperature: 0.5 } },
  { id: 'builtin:editor', name: 'presets.editor', system: 'presets.editorSystem', parameters: { temperature: 0.3 } },
  {
    id: 'builtin:translator',
    name: 'presets.translator',
    system: 'presets.translatorSystem',
    parameters: { temperature: 0.2 },
  },
  { id: 'builtin:ideas', name: 'presets.ideas', system: 'presets.ideasSystem', parameters: { temperature: 1.2 } },
  { id: 'builtin:brief', name: 'presets.brief', system: 'presets.briefSystem', parameters: { temperature: 0.3 } },
]
