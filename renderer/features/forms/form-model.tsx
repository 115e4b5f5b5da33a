import { useTranslation } from 'react-i18next'
import type { Form } from '../../../preload/contract.ts'
import { useSettings } from '../../state/settings.ts'
import { Select } from '../../ui/select.tsx'
import { chatting, type InstalledModel, modelToAsk, shortModelName } from '../models/installed-model.ts'
import { useModels } from '../models/models-store.ts'

export interface FormModel {
  /** Empty when there is none. */
  readonly name: string
  readonly installed: InstalledModel | undefined
  readonly offered: readonly InstalledModel[]
}

/** The model a form is run with: the one picked now, the one it was run with last, or the usual one. */
export function useFormModel(form: Form, picked: string): FormModel {
  const offered = chatting(useModels(state => state.models) ?? [])
  const usual = useSettings(settings => settings.model)
  const here = (name: string) => offered.some(model => model.name === shortModelName(name))
  const used = here(form.model) ? form.model : undefined
  const name = modelToAsk(offered, { picked: here(picked) ? picked : undefined, used, usual })
  return { name, installed: offered.find(model => model.name === name), offered }
}

const pickerId = 'form-model'

/** Puts the person at the picker, with its list open where the system lets a page do so. */
export function toModelPicker(): void {
  const picker = document.getElementById(pickerId)
  picker?.focus()
  if (!(picker instanceof HTMLSelectElement) || !('showPicker' in picker)) return
  try {
    picker.showPicker()
  } catch {
    // Only a click of late opens it; the focus is there.
  }
}

/** Which model fills the form. */
export function FormModelPicker({ model, onPick }: { model: FormModel; onPick: (name: string) => void }) {
  const { t } = useTranslation()
  if (model.offered.length === 0) return <span className="text-small text-faint">{t('models.none')}</span>
  return (
    <Select
      id={pickerId}
      aria-label={t('models.label')}
      value={model.name}
      onChange={event => onPick(event.target.value)}
      className="max-w-56"
    >
      {model.offered.map(({ name }) => (
        <option key={name} value={name}>
          {name}
        </option>
      ))}
    </Select>
  )
}
