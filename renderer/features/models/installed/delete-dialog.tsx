import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { fileSize } from '../../../i18n/format.ts'
import { attempt } from '../../../state/perform.ts'
import { Button } from '../../../ui/button.tsx'
import { Dialog } from '../../../ui/dialog.tsx'
import type { InstalledModel } from '../installed-model.ts'
import { cardButton } from './model-card.tsx'
import { deleteModel } from './model-changes.ts'
import { closeModelDialog } from './model-dialog-store.ts'
import { freedBy, useStorage } from './storage-store.ts'

/** Asks before a model is deleted, and says what that gives back. */
export function DeleteDialog({ model }: { model: InstalledModel }) {
  const { t, i18n } = useTranslation()
  const freed = useStorage(({ storage }) => freedBy(storage, model.name)) ?? model.size
  const [busy, setBusy] = useState(false)
  const remove = () =>
    attempt(async () => {
      setBusy(true)
      await deleteModel(model.name).finally(closeModelDialog)
    })
  return (
    <Dialog
      title={t('manage.deleteTitle', { model: model.name })}
      onClose={closeModelDialog}
      returnTo={() => cardButton(model.name)}
      action={
        <Button look="danger" disabled={busy} onClick={remove}>
          {t('manage.deleteButton')}
        </Button>
      }
    >
      <div className="text-row text-soft">
        <p>{t(freeing(freed, model.size), { size: fileSize(freed, i18n.language) })}</p>
        <p>{t('manage.deleteText')}</p>
      </div>
    </Dialog>
  )
}

function freeing(freed: number, size: number) {
  if (freed === 0) return 'manage.deleteFreesNothing'
  return freed < size ? 'manage.deleteFreesPart' : 'manage.deleteFrees'
}
