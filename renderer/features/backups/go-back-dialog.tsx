import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Backup, CallOutput, ProblemInfo } from '../../../preload/contract.ts'
import { moment, sentences } from '../../i18n/format.ts'
import { call, problemFrom } from '../../state/bridge.ts'
import { attempt } from '../../state/perform.ts'
import { problemWords } from '../../state/problem-words.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { useForms } from '../forms/forms-store.ts'
import { goBackTo } from './backups-store.ts'

interface Props {
  backup: Backup
  onClose: () => void
  returnTo: () => HTMLElement | null
}

/** Says what going back would change, then does it. */
export function GoBackDialog({ backup, onClose, returnTo }: Props) {
  const { t, i18n } = useTranslation()
  const forms = useForms(store => store.forms?.length ?? 0)
  const [difference, setDifference] = useState<CallOutput<'backups.compare'> | null>(null)
  const [problem, setProblem] = useState<ProblemInfo | null>(null)
  const [going, setGoing] = useState(false)
  useEffect(() => {
    call('backups.compare', { id: backup.id }).then(setDifference, error => setProblem(problemFrom(error)))
  }, [backup.id])
  const shown = useRef(false)
  useEffect(() => {
    shown.current = true
    return () => {
      shown.current = false
    }
  }, [])
  const go = async () => {
    setGoing(true)
    setProblem(null)
    try {
      await goBackTo(backup)
      if (shown.current) onClose()
    } catch (error) {
      // Closed meanwhile, it can say nothing any more.
      if (!shown.current) throw error
      setProblem(problemFrom(error))
      setGoing(false)
    }
  }
  return (
    <Dialog
      title={t('backups.confirmTitle', { time: moment(backup.at, i18n.language) })}
      onClose={onClose}
      returnTo={returnTo}
      action={
        <Button look="primary" disabled={going || difference === null} onClick={() => attempt(go)}>
          {t('backups.goBack')}
        </Button>
      }
    >
      <div className="flex flex-col gap-3 text-row text-soft">
        {difference ? <Difference difference={difference} /> : null}
        {backup.forms === null || backup.forms + forms === 0 ? null : (
          <p>{t('backups.formsToo', { count: backup.forms })}</p>
        )}
        <p>{t('backups.undoable')}</p>
        {going ? <p role="status">{t('backups.going-back')}</p> : null}
        {problem ? (
          <p role="alert" className="text-rose">
            {sentences([t(problemWords(problem).title), t('backups.nothingChanged')], i18n.language)}
          </p>
        ) : null}
      </div>
    </Dialog>
  )
}

function Difference({
  difference: { before, now, back, gone, changed },
}: {
  difference: CallOutput<'backups.compare'>
}) {
  const { t } = useTranslation()
  if (before === null) return <p>{t('backups.noChats')}</p>
  return (
    <>
      <p>{t('backups.thenAndNow', { before, now })}</p>
      {back + gone + changed === 0 ? (
        <p>{t('backups.same')}</p>
      ) : (
        <ul className="list-disc pl-5">
          {back > 0 ? <li>{t('backups.comeBack', { count: back })}</li> : null}
          {gone > 0 ? <li>{t('backups.leave', { count: gone })}</li> : null}
          {changed > 0 ? <li>{t('backups.change', { count: changed })}</li> : null}
        </ul>
      )}
    </>
  )
}
