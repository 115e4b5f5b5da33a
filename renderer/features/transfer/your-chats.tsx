import { ChevronDownIcon } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { perform } from '../../state/perform.ts'
import { Button } from '../../ui/button.tsx'
import { ActionItems, Menu } from '../../ui/menu.tsx'
import { exportAllActions, importAction } from './transfer-actions.ts'
import { useTransfer } from './transfer-store.ts'

/** Opens the choice of how all chats are exported. */
export function ExportAllButton() {
  const { t } = useTranslation()
  const busy = useTransfer(state => state.job !== null)
  return (
    <Menu
      trigger={
        <Button disabled={busy}>
          {t('transfer.exportAll')}
          <ChevronDownIcon aria-hidden className="size-3.5" />
        </Button>
      }
    >
      <ActionItems actions={exportAllActions} subject={undefined} />
    </Menu>
  )
}

export function ImportButton() {
  const { t } = useTranslation()
  const busy = useTransfer(state => state.job !== null)
  return (
    <Button disabled={busy} onClick={() => perform(importAction, undefined)}>
      {t(importAction.name)}
    </Button>
  )
}
