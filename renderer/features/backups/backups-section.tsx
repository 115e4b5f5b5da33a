import { RotateCcwIcon, Trash2Icon } from 'lucide-react'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Backup, StreamEvent } from '../../../preload/contract.ts'
import { fileSize, moment, sentences } from '../../i18n/format.ts'
import { attempt } from '../../state/perform.ts'
import { problemWords } from '../../state/problem-words.ts'
import { changeSettings, useSettings } from '../../state/settings.ts'
import { Button } from '../../ui/button.tsx'
import { IconButton } from '../../ui/icon-button.tsx'
import { Row, Section } from '../../ui/page.tsx'
import { Switch } from '../../ui/switch.tsx'
import { backUp, showBackups, useBackups } from './backups-store.ts'
import { GoBackDialog } from './go-back-dialog.tsx'
import { RemoveDialog } from './remove-dialog.tsx'

/** Backups shown before the person asks for the others. */
const fewest = 5

/** Whether backups are made, what there is, and the ways back. */
export function BackupsSection() {
  const { t } = useTranslation()
  const wanted = useSettings(({ backups }) => backups)
  const state = useBackups(store => store.state)
  const [chosen, setChosen] = useState<Backup | null>(null)
  const [unwanted, setUnwanted] = useState<Backup | null>(null)
  const own = useRef<HTMLDivElement>(null)
  if (state === null) return null
  const idle = state.working === null
  return (
    <Section title={t('backups.title')}>
      <Row name={t('backups.daily')} hint={t('backups.dailyHint')}>
        <Switch
          labelHidden
          label={t('backups.daily')}
          checked={wanted}
          onChange={backups => attempt(() => changeSettings({ backups }))}
        />
      </Row>
      <div ref={own} tabIndex={-1} className="flex flex-wrap items-center gap-x-3 gap-y-2 py-3 outline-none">
        <Last state={state} />
        {/* Not disabled: a button that is loses the focus, and with it the person's place. */}
        <Button
          aria-disabled={!idle}
          className="aria-disabled:opacity-50"
          onClick={() => (idle ? attempt(backUp) : undefined)}
        >
          {t('backups.now')}
        </Button>
        <Button look="quiet" onClick={() => attempt(showBackups)}>
          {t('backups.showFolder')}
        </Button>
      </div>
      {state.backups.length > 0 ? (
        <List backups={state.backups} disabled={!idle} onChoose={setChosen} onRemove={setUnwanted} />
      ) : null}
      {chosen ? <GoBackDialog backup={chosen} onClose={() => setChosen(null)} returnTo={() => own.current} /> : null}
      {unwanted ? (
        <RemoveDialog
          backup={unwanted}
          isOnly={state.backups.length === 1}
          onClose={() => setUnwanted(null)}
          returnTo={() => own.current}
        />
      ) : null}
    </Section>
  )
}

/** What is under way, what went wrong, or when the last one was made. */
function Last({ state: { working, problem, backups } }: { state: StreamEvent<'backups.watch'> }) {
  const { t, i18n } = useTranslation()
  const [last] = backups
  const when = last ? t('backups.last', { time: moment(last.at, i18n.language) }) : t('backups.none')
  return (
    <div className="min-w-0 flex-1 basis-64 text-small leading-normal">
      <p role="status" className="text-soft">
        {working ? t(`backups.${working}`) : when}
      </p>
      {problem ? (
        <p className="text-rose">{sentences([t('backups.failed'), t(problemWords(problem).title)], i18n.language)}</p>
      ) : null}
    </div>
  )
}

interface ListProps {
  backups: readonly Backup[]
  disabled: boolean
  onChoose: (backup: Backup) => void
  onRemove: (backup: Backup) => void
}

function List({ backups, disabled, onChoose, onRemove }: ListProps) {
  const { t, i18n } = useTranslation()
  const [all, setAll] = useState(false)
  const shown = all ? backups : backups.slice(0, fewest)
  return (
    <div>
      <ul className="divide-y divide-line" aria-label={t('backups.list')}>
        {shown.map(backup => {
          const time = moment(backup.at, i18n.language)
          return (
            <li key={backup.id} className="flex min-h-14 flex-wrap items-center gap-x-4 gap-y-1 py-2.5">
              <div className="min-w-0 flex-1 basis-64">
                <p>{time}</p>
                <p className="text-small text-faint">
                  <Holds backup={backup} />
                </p>
              </div>
              <Button disabled={disabled} aria-label={t('backups.goBackTo', { time })} onClick={() => onChoose(backup)}>
                <RotateCcwIcon aria-hidden className="size-3.5" />
                {t('backups.goBack')}
              </Button>
              <IconButton
                icon={Trash2Icon}
                label={t('backups.remove', { time })}
                disabled={disabled}
                onClick={() => onRemove(backup)}
                className="-mr-2 -ml-2"
              />
            </li>
          )
        })}
      </ul>
      {shown.length < backups.length ? (
        <Button look="quiet" className="my-2 -ml-3" onClick={() => setAll(true)}>
          {t('backups.showAll', { count: backups.length })}
        </Button>
      ) : null}
    </div>
  )
}

/** Why it was made, how much it holds, and its size. */
function Holds({ backup: { reason, chats, forms, bytes } }: { backup: Backup }) {
  const { t, i18n } = useTranslation()
  const parts = [
    t(`backups.reason_${reason}`),
    chats === null ? null : t('backups.chats', { count: chats }),
    forms === null || forms === 0 ? null : t('backups.forms', { count: forms }),
    fileSize(bytes, i18n.language),
  ]
  return <>{parts.filter(part => part !== null).join(' · ')}</>
}
