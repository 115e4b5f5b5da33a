import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../../ui/button.tsx'
import { stopTransfer, useTransfer } from './transfer-store.ts'

const names = {
  export: 'transfer.exporting',
  import: 'transfer.importing',
  exportRows: 'transfer.exportingRows',
} as const

/** Milliseconds that need no word. */
const moment = 300

/** How far an export or import is, at the foot of the page, with a way to stop it. */
export function TransferProgress() {
  const { t } = useTranslation()
  const { job, fraction } = useTransfer()
  const begun = fraction !== null
  const [shown, setShown] = useState(false)
  useEffect(() => {
    if (!begun) return setShown(false)
    const timer = setTimeout(() => setShown(true), moment)
    return () => clearTimeout(timer)
  }, [begun])
  if (!shown || job === null || fraction === null) return null
  const name = t(names[job])
  return (
    <section
      aria-label={name}
      className="rise absolute bottom-6 left-1/2 z-30 flex w-80 max-w-[calc(100%-3rem)] -translate-x-1/2 items-center gap-3 rounded-box border border-line bg-raised p-3 text-row shadow-float"
    >
      <div className="min-w-0 flex-1">
        <p className="flex justify-between gap-3">
          <span className="truncate">{name}</span>
          <span className="text-soft tabular-nums">{Math.floor(fraction * 100)}%</span>
        </p>
        <progress aria-label={name} value={fraction} className="mt-1.5 block h-1 w-full accent-ember" />
      </div>
      <Button onClick={() => stopTransfer()}>{t('transfer.stop')}</Button>
    </section>
  )
}
