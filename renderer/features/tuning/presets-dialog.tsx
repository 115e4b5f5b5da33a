import { PencilIcon, Trash2Icon } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { longest } from '../../../preload/contract-limits.ts'
import { attempt } from '../../state/perform.ts'
import { changeSettings, useSettings } from '../../state/settings.ts'
import { Dialog } from '../../ui/dialog.tsx'
import { IconButton } from '../../ui/icon-button.tsx'
import { NameField } from '../history/name-field.tsx'
import { allPresets, deletePreset, renamePreset, usePresets } from './presets-store.ts'

/** All presets: which one new chats begin with, other names for one's own, and away with them. */
export function PresetsDialog({ onClose, returnTo }: { onClose: () => void; returnTo: () => HTMLElement | null }) {
  const { t } = useTranslation()
  const own = usePresets(state => state.own)
  const chosen = useSettings(settings => settings.preset)
  const [renaming, setRenaming] = useState<string | null>(null)
  const choose = (preset: string) => attempt(() => changeSettings({ preset }))
  return (
    <Dialog title={t('presets.manageTitle')} onClose={onClose} returnTo={returnTo}>
      <fieldset className="min-w-0">
        <legend className="pb-2 text-row text-soft">{t('presets.forNew')}</legend>
        <Choice name={t('presets.none')} checked={chosen === ''} onChoose={() => choose('')} />
        {allPresets(own).map(preset => (
          <div key={preset.id} className="flex items-center gap-1">
            {renaming === preset.id ? (
              <NameField
                value={preset.name}
                label={t('presets.name')}
                maxLength={longest.name}
                onEnd={name => {
                  setRenaming(null)
                  if (name !== null) attempt(() => renamePreset(preset, name))
                }}
                onKeyEnd={() => document.querySelector<HTMLElement>('[name=preset]:checked')?.focus()}
                className="my-0.5 h-8 flex-1 text-row"
              />
            ) : (
              <Choice name={preset.name} checked={chosen === preset.id} onChoose={() => choose(preset.id)} />
            )}
            {preset.builtin ? null : (
              <>
                <IconButton
                  icon={PencilIcon}
                  label={t('presets.rename', { name: preset.name })}
                  onClick={() => setRenaming(preset.id)}
                />
                <IconButton
                  icon={Trash2Icon}
                  label={t('presets.delete', { name: preset.name })}
                  onClick={() => attempt(() => deletePreset(preset))}
                />
              </>
            )}
          </div>
        ))}
      </fieldset>
    </Dialog>
  )
}

function Choice({ name, checked, onChoose }: { name: string; checked: boolean; onChoose: () => void }) {
  return (
    <label className="flex h-9 min-w-0 flex-1 items-center gap-3 rounded-small px-2 text-row outline-ember has-focus-visible:outline-2 hover:bg-hover">
      <input type="radio" name="preset" checked={checked} onChange={onChoose} className="outline-none" />
      <span dir="auto" className="truncate">
        {name}
      </span>
    </label>
  )
}
