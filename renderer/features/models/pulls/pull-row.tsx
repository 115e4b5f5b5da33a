import type { TFunction } from 'i18next'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ProblemInfo, Pull } from '../../../../preload/contract.ts'
import { duration, fileSize, percent } from '../../../i18n/format.ts'
import { attempt } from '../../../state/perform.ts'
import { Button } from '../../../ui/button.tsx'
import { Dialog } from '../../../ui/dialog.tsx'
import { Progress } from '../../../ui/progress.tsx'
import { ArrivalRow } from '../arrival-row.tsx'
import { chatWith } from '../chat-with.ts'
import { tellingModelName } from '../installed-model.ts'
import { useModels } from '../models-store.ts'
import { placeTitle } from '../place-title.ts'
import { Trouble } from '../trouble.tsx'
import { pullWords } from './pull-words.ts'
import { pausePull, removePull, resumePull, usePulls } from './pulls-store.ts'

/** One model on its way here: how far it is, and what can be done with it. */
export function PullRow({ pull }: { pull: Pull }) {
  const { t, i18n } = useTranslation()
  const [asking, setAsking] = useState(false)
  const cancelButton = useRef<HTMLButtonElement>(null)
  const installed = useModels(state => state.models) ?? []
  const pulls = usePulls(state => state.pulls)
  const name = tellingModelName(pull.model, [...pulls.map(({ model }) => model), ...installed.map(model => model.name)])
  const { completed, total, state } = pull
  // What has nothing here yet is taken off the list without a question.
  const cancel = () => (completed > 0 ? setAsking(true) : dismiss())
  const dismiss = () => {
    // The button goes with its row.
    placeTitle()?.focus()
    attempt(() => removePull(pull))
  }
  return (
    <ArrivalRow
      name={name}
      isReady={state === 'done'}
      actions={
        <>
          <MainButton pull={pull} />
          {state === 'done' ? (
            <Button look="quiet" onClick={dismiss}>
              {t('app.dismiss')}
            </Button>
          ) : (
            <Button ref={cancelButton} look="quiet" onClick={cancel}>
              {t('manage.cancelPull')}
            </Button>
          )}
        </>
      }
    >
      {state === 'done' ? null : (
        <>
          {total > 0 || state !== 'failed' ? (
            <Progress
              label={t('manage.progress', { model: name })}
              fraction={total > 0 ? completed / total : null}
              live={state === 'running'}
            />
          ) : null}
          <p className="flex flex-wrap gap-x-3 text-small text-soft tabular-nums">
            {progressWords(pull, t, i18n.language).map(words => (
              <span key={words}>{words}</span>
            ))}
          </p>
        </>
      )}
      {pull.problem ? <PullTrouble problem={pull.problem} /> : null}
      {asking ? (
        <Dialog
          title={t('manage.cancelPullTitle', { model: name })}
          onClose={() => setAsking(false)}
          returnTo={() => cancelButton.current ?? placeTitle()}
          leaveLabel={t('manage.keepPull')}
          action={
            <Button look="danger" onClick={() => attempt(() => removePull(pull))}>
              {t('manage.cancelPullButton')}
            </Button>
          }
        >
          <p className="text-row text-soft">
            {t('manage.cancelPullText', { size: fileSize(completed, i18n.language) })}
          </p>
        </Dialog>
      ) : null}
    </ArrivalRow>
  )
}

const mainActions = {
  waiting: { label: 'manage.pause', act: pausePull },
  running: { label: 'manage.pause', act: pausePull },
  paused: { label: 'manage.resume', act: resumePull },
  failed: { label: 'problems.tryAgain', act: resumePull },
  done: { label: 'manage.chat', act: ({ model }: Pull) => chatWith(model) },
} as const

/** What helps most now. One button whatever it says, so that the focus stays on it. */
function MainButton({ pull }: { pull: Pull }) {
  const { t } = useTranslation()
  const { label, act } = mainActions[pull.state]
  return <Button onClick={() => attempt(() => act(pull))}>{t(label)}</Button>
}

function progressWords(
  { state, completed, total, speed, secondsLeft }: Pull,
  t: TFunction,
  language: string,
): string[] {
  const size = (bytes: number) => fileSize(bytes, language)
  const amount =
    total > 0
      ? [percent(completed / total, language), t('manage.amount', { completed: size(completed), total: size(total) })]
      : []
  if (state === 'waiting') return [t('manage.waiting'), ...amount]
  if (state === 'paused') return [t('manage.paused'), ...amount]
  if (state === 'failed') return amount
  if (total === 0) return [t('manage.asking')]
  if (completed >= total) return [...amount, t('manage.checking')]
  return [
    ...amount,
    ...(speed > 0 ? [t('manage.speed', { size: size(speed) })] : []),
    ...(secondsLeft === null ? [] : [t('manage.left', { time: duration(secondsLeft, language) })]),
  ]
}

function PullTrouble({ problem }: { problem: ProblemInfo }) {
  const { t } = useTranslation()
  const words = pullWords(problem)
  const isTriedAgain = problem.code === 'registry' || problem.code === 'models-away'
  return <Trouble problem={problem} words={words} note={isTriedAgain ? t('manage.retriesItself') : undefined} />
}
