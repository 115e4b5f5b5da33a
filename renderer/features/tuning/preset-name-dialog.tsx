import { type FormEvent, useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { longest } from '../../../preload/contract-limits.ts'
import { attempt } from '../../state/perform.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { fieldLook } from '../../ui/field-look.ts'
import { savePreset } from './presets-store.ts'
import { tuningOf } from './tuning-store.ts'

interface Props {
  conversationId: string | null
  onClose: () => void
  returnTo: () => HTMLElement | null
}

/** Asks for the name under which a chat's way of answering is kept. */
export function PresetNameDialog({ conversationId, onClose, returnTo }: Props) {
  const { t } = useTranslation()
  const [name, setName] = useState('')
  const form = useId()
  const done = (event: FormEvent) => {
    event.preventDefault()
    if (name.trim() === '') return
    attempt(() => savePreset(name, tuningOf(conversationId)))
    onClose()
  }
  return (
    <Dialog
      title={t('presets.saveTitle')}
      onClose={onClose}
      returnTo={returnTo}
      action={
        <Button look="primary" type="submit" form={form} disabled={name.trim() === ''}>
          {t('presets.saveButton')}
        </Button>
      }
    >
      <form id={form} onSubmit={done}>
        <p className="pb-3 text-row text-soft">{t('presets.saveText')}</p>
        <input
          aria-label={t('presets.name')}
          placeholder={t('presets.name')}
          maxLength={longest.name}
          value={name}
          onChange={event => setName(event.target.value)}
          className={`${fieldLook} h-9 w-full`}
        />
      </form>
    </Dialog>
  )
}
