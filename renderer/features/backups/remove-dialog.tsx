import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Backup } from '../../../preload/contract.ts'
import { fileSize, moment, sentences } from '../../i18n/format.ts'
import { call } from '../../state/bridge.ts'
import { attempt } from '../../state/perform.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { removeBackup } from './backups-store.ts'

interface Props {
  backup: Backup
  /** No other is left. */
  isOnly: boolean
  onClose: () => void
  returnTo: () => HTMLElement | null
}

/** Asks before a backup is removed, and says what that gives back. What goes wrong is told by a toast. */
export function RemoveDialog({ backup, isOnly, onClose, returnTo }: Props) {
  const { t, i18n } = useTranslation()
  const [freed, setFreed] = useState<number | null>(null)
  /** Also where what it frees cannot be told, which is no reason to keep it. */
  const [looked, setLooked] = useState(false)
  useEffect(
    () =>
      attempt(async () => {
        try {
          setFreed((await call('backups.freedBy', { id: backup.id })).bytes)
        } finally {
          setLooked(true)
        }
      }),
    [backup.id],
  )
  const remove = () => {
    // The row, with the button that was pressed, is about to go.
    onClose()
    attempt(() => removeBackup(backup))
  }
  return (
    <Dialog
      title={t('backups.removeTitle', { time: moment(backup.at, i18n.language) })}
      onClose={onClose}
      returnTo={returnTo}
      action={
        <Button look="danger" disabled={!looked} onClick={remove}>
          {t('backups.removeButton')}
        </Button>
      }
    >
      <div className="flex flex-col gap-3 text-row text-soft">
        {freed === null ? null : <p>{t('backups.removeFrees', { size: fileSize(freed, i18n.language) })}</p>}
        <p>{sentences([t('backups.removeText'), isOnly ? t('backups.removeOnly') : null], i18n.language)}</p>
      </div>
    </Dialog>
  )
}
