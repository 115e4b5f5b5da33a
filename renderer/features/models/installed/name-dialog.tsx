import { type FormEvent, useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { longest } from '../../../../preload/contract-limits.ts'
import type { TextKey } from '../../../i18n/texts.ts'
import { problemFrom } from '../../../state/bridge.ts'
import { problemWords } from '../../../state/problem-words.ts'
import { Button } from '../../../ui/button.tsx'
import { Dialog } from '../../../ui/dialog.tsx'
import { fieldLook } from '../../../ui/field-look.ts'
import type { InstalledModel } from '../installed-model.ts'
import { cardButton } from './model-card.tsx'
import { copyModel, nameTrouble, renameModel } from './model-changes.ts'
import { closeModelDialog } from './model-dialog-store.ts'

const matters = {
  copy: { title: 'manage.copyTitle', text: 'manage.copyText', button: 'manage.copyButton', act: copyModel },
  rename: { title: 'manage.renameTitle', text: 'manage.renameText', button: 'manage.renameButton', act: renameModel },
} as const

/** Asks for a model's new name, or for that of its copy. */
export function NameDialog({ model, matter }: { model: InstalledModel; matter: keyof typeof matters }) {
  const { t } = useTranslation()
  const { title, text, button, act } = matters[matter]
  const [name, setName] = useState(matter === 'rename' ? model.name : '')
  const [trouble, setTrouble] = useState<TextKey>()
  const [busy, setBusy] = useState(false)
  const form = useId()
  const hint = useId()
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    if (busy) return
    setBusy(true)
    try {
      const wrong = await nameTrouble(name.trim())
      if (!wrong) await act(model.name, name.trim())
      if (wrong) setTrouble(wrong)
      else closeModelDialog()
    } catch (error) {
      setTrouble(problemWords(problemFrom(error)).title)
    }
    setBusy(false)
  }
  return (
    <Dialog
      title={t(title, { model: model.name })}
      onClose={closeModelDialog}
      returnTo={() => cardButton(model.name)}
      action={
        <Button type="submit" form={form} look="primary" disabled={busy || name.trim() === ''}>
          {t(button)}
        </Button>
      }
    >
      <p className="text-row text-soft">{t(text)}</p>
      <form id={form} onSubmit={event => void submit(event)} className="pt-4">
        <label className="text-small text-soft">
          {t('manage.newName')}
          <input
            value={name}
            maxLength={longest.modelName}
            spellCheck={false}
            autoComplete="off"
            aria-invalid={trouble !== undefined}
            aria-describedby={hint}
            onChange={event => {
              setName(event.target.value)
              setTrouble(undefined)
            }}
            className={`${fieldLook} mt-1 block h-9 w-full`}
          />
        </label>
        <p id={hint} role="status" className="min-h-6 pt-1 text-small text-rose">
          {trouble ? t(trouble) : null}
        </p>
      </form>
    </Dialog>
  )
}
