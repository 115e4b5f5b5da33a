import { InfoIcon, TriangleAlertIcon, XIcon } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Notice } from '../../../preload/contract.ts'
import { textWith } from '../../i18n/i18n.ts'
import { attempt } from '../../state/perform.ts'
import { IconButton } from '../../ui/icon-button.tsx'
import { NewestBackup } from '../backups/newest-backup.tsx'
import { noticeWords } from './notice-words.ts'
import { dismissNotice, useNotices } from './notices-store.ts'

/** What happened without the person's doing, above everything else until they have read it. */
export function Notices() {
  const { t } = useTranslation()
  const notices = useNotices(state => state.notices)
  if (notices.length === 0) return null
  return (
    <section
      aria-label={t('notices.region')}
      className="bar-in-padding flex max-h-[40vh] flex-none flex-col gap-2 overflow-y-auto border-b border-line py-3 pl-5 [--padding:--spacing(5)]"
    >
      {notices.map(notice => (
        <NoticeCard key={notice.id} notice={notice} />
      ))}
    </section>
  )
}

function NoticeCard({ notice }: { notice: Notice }) {
  const { t } = useTranslation()
  const { title, text, calm } = noticeWords(notice)
  const Icon = calm ? InfoIcon : TriangleAlertIcon
  return (
    <div
      role="status"
      className="mx-auto flex w-full max-w-column flex-none gap-3 rounded-box bg-amber-wash py-2.5 pr-2 pl-4"
    >
      <Icon aria-hidden className="mt-1 text-amber" />
      <div className="min-w-0 flex-1 break-words">
        <p className="text-row font-bold">{textWith(title, notice.values)}</p>
        <p className="text-small text-soft">{textWith(text, notice.values)}</p>
        {notice.code === 'database-set-aside' ? <NewestBackup notice={notice} /> : null}
      </div>
      <IconButton icon={XIcon} label={t('app.dismiss')} onClick={() => attempt(() => dismissNotice(notice))} />
    </div>
  )
}
