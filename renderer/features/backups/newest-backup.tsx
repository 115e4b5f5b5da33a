import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Notice } from '../../../preload/contract.ts'
import { shortMoment } from '../../i18n/format.ts'
import { attempt } from '../../state/perform.ts'
import { Button } from '../../ui/button.tsx'
import { dismissNotice } from '../notices/notices-store.ts'
import { goBackTo, useBackups } from './backups-store.ts'

/** The way back after a file was damaged: the newest backup of before. Nothing where there is none. */
export function NewestBackup({ notice }: { notice: Extract<Notice, { code: 'database-set-aside' }> }) {
  const { t, i18n } = useTranslation()
  const state = useBackups(store => store.state)
  const [going, setGoing] = useState(false)
  // What a person went back from is not what they had last.
  const newest = state?.backups.find(
    ({ chats, at, reason }) => chats && reason !== 'before-going-back' && at < notice.values.at,
  )
  if (!state || !newest) return null
  const go = async () => {
    setGoing(true)
    try {
      await goBackTo(newest)
      await dismissNotice(notice)
    } finally {
      setGoing(false)
    }
  }
  return (
    <Button
      className="mt-2 h-auto min-h-8 py-1 text-left"
      disabled={going || state.working !== null}
      onClick={() => attempt(go)}
    >
      {t('backups.offer', { time: shortMoment(newest.at, i18n.language), count: newest.chats ?? 0 })}
    </Button>
  )
}
