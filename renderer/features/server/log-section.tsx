import { useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { VList, type VListHandle } from 'virtua'
import type { LoggedRequest } from '../../../preload/contract.ts'
import { clock, milliseconds } from '../../i18n/format.ts'
import { attempt } from '../../state/perform.ts'
import { Button } from '../../ui/button.tsx'
import { clearLog, useServer } from './server-store.ts'
import { useNewestInSight } from './use-newest-in-sight.ts'

/** Requests as they come, the newest at the end; only those in sight are in the page. */
export function LogSection() {
  const { t } = useTranslation()
  const requests = useServer(state => state.requests)
  const list = useRef<VListHandle>(null)
  const onScroll = useNewestInSight(list, requests)
  return (
    <section aria-label={t('server.log')} className="pt-9">
      <div className="flex items-center justify-between pb-1">
        <h2 className="font-bold">{t('server.log')}</h2>
        <Button look="quiet" className="-mr-3" disabled={requests.length === 0} onClick={() => attempt(clearLog)}>
          {t('server.clear')}
        </Button>
      </div>
      {requests.length === 0 ? (
        <p className="rounded-box border border-line bg-sunk px-4 py-6 text-small text-soft">{t('server.logEmpty')}</p>
      ) : (
        <VList
          ref={list}
          data={requests}
          onScroll={onScroll}
          tabIndex={0}
          role="log"
          aria-live="off"
          aria-label={t('server.log')}
          style={{ height: Math.min(320, requests.length * 28 + 18) }}
          className="rounded-box border border-line bg-sunk py-2"
        >
          {request => <RequestRow key={request.id} request={request} />}
        </VList>
      )}
    </section>
  )
}

function RequestRow({
  request: { at, method, url, status, milliseconds: took, remoteAddress },
}: {
  request: LoggedRequest
}) {
  const { t, i18n } = useTranslation()
  const failed = status === 0 || status >= 400
  return (
    <div className="flex h-7 items-center gap-3 px-4 font-mono text-tiny tabular-nums">
      <span className="flex-none text-faint">{clock(at, i18n.language)}</span>
      <span className={`min-w-12 flex-none ${failed ? 'text-rose' : 'text-leaf'}`}>
        {status === 0 ? t('server.left') : status}
      </span>
      <span className="w-12 flex-none text-soft">{method}</span>
      <span className="min-w-0 flex-1 truncate">{url}</span>
      <span className="flex-none text-soft">{milliseconds(took, i18n.language)}</span>
      <span className="hidden w-32 flex-none truncate text-right text-faint wide:block" title={remoteAddress}>
        {remoteAddress.replace(/^::ffff:/, '')}
      </span>
    </div>
  )
}
