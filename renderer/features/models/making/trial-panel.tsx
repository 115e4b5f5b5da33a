import { RotateCcwIcon } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { longest } from '../../../../preload/contract-limits.ts'
import { attempt } from '../../../state/perform.ts'
import { Button } from '../../../ui/button.tsx'
import { fieldLook } from '../../../ui/field-look.ts'
import { IconButton } from '../../../ui/icon-button.tsx'
import { Markdown } from '../../../ui/markdown/markdown.tsx'
import { ScrollBox } from '../../../ui/scroll-box.tsx'
import { SidePanel } from '../../../ui/side-panel.tsx'
import { sendsMessage } from '../../chat/send-key.ts'
import { placeTitle } from '../place-title.ts'
import { Trouble } from '../trouble.tsx'
import { useDraft } from './draft-store.ts'
import { MakingProgress } from './making-progress.tsx'
import { MakingWarnings } from './making-warnings.tsx'
import { makingWords } from './making-words.ts'
import { useMakings } from './makings-store.ts'
import {
  askTrial,
  clearTurns,
  discardTrial,
  isCurrent,
  startTrial,
  stopAnswer,
  type Turn,
  trialFieldId,
  useTrial,
} from './trial-store.ts'

/** Beside the description: the model as it would be, to be talked to before it is kept. */
export function TrialPanel() {
  const { t } = useTranslation()
  const { trial, turns } = useTrial()
  const draft = useDraft(state => state.draft)
  const making = useMakings(({ makings }) => makings.find(({ id }) => id === trial?.id))
  if (!trial) return null
  const close = () => {
    placeTitle()?.focus()
    attempt(discardTrial)
  }
  return (
    <SidePanel
      title={t('making.trial')}
      tools={
        turns.length > 0 ? (
          <IconButton icon={RotateCcwIcon} label={t('making.trialClear')} onClick={clearTurns} />
        ) : null
      }
      closeLabel={t('making.trialClose')}
      onClose={close}
      // Above the bar that makes the model.
      className="w-96 max-[64rem]:bottom-28"
    >
      {isCurrent(trial, draft) ? null : (
        <div role="status" className="flex-none border-b border-line bg-ember-wash px-5 py-3 text-small">
          <p>{t('making.trialChanged')}</p>
          <Button className="mt-2" onClick={() => attempt(startTrial)}>
            {t('making.trialAgain')}
          </Button>
        </div>
      )}
      {making && making.warnings.length > 0 ? (
        <div className="flex-none border-b border-line px-5 pb-3">
          <MakingWarnings warnings={making.warnings} />
        </div>
      ) : null}
      {making?.state === 'done' ? (
        <Talk turns={turns} />
      ) : (
        <div className="px-5 pt-4">
          {making?.problem ? (
            <Trouble problem={making.problem} words={makingWords(making.problem)} />
          ) : (
            <p className="text-row text-soft">{t('making.trialPreparing')}</p>
          )}
          {making?.state === 'running' ? <MakingProgress making={making} name={t('making.trialName')} /> : null}
        </div>
      )}
    </SidePanel>
  )
}

/** The chat with the model that is tried; it is kept nowhere. */
function Talk({ turns }: { turns: readonly Turn[] }) {
  const { t } = useTranslation()
  const [question, setQuestion] = useState('')
  const field = useRef<HTMLTextAreaElement>(null)
  const end = useRef<HTMLDivElement>(null)
  const last = turns.at(-1)
  const writing = last?.state === 'writing'
  useEffect(() => {
    // It may have taken minutes: who writes elsewhere meanwhile goes on there.
    if (!document.activeElement?.matches('input, textarea')) field.current?.focus()
  }, [])
  // biome-ignore lint/correctness/useExhaustiveDependencies: what was said is what it follows
  useEffect(() => end.current?.scrollIntoView({ block: 'end' }), [turns])
  const send = () => {
    if (writing || question.trim() === '') return
    setQuestion('')
    attempt(() => askTrial(question))
  }
  return (
    <>
      <ScrollBox label={t('making.trialMessages')} className="min-h-0 flex-1 px-5 py-4">
        {turns.length === 0 ? <p className="text-row text-soft">{t('making.trialHint')}</p> : null}
        {turns.map(turn => (
          <TurnView key={turn.key} turn={turn} />
        ))}
        <div ref={end} />
      </ScrollBox>
      <p role="status" className="sr-only">
        {last?.state === 'done' ? last.answer : ''}
      </p>
      <div className="flex flex-none items-end gap-2 border-t border-line p-3">
        <textarea
          ref={field}
          id={trialFieldId}
          dir="auto"
          rows={1}
          aria-label={t('making.trialQuestion')}
          placeholder={t('making.trialQuestion')}
          value={question}
          maxLength={longest.question}
          onChange={event => setQuestion(event.target.value)}
          onKeyDown={event => {
            if (!sendsMessage(event)) return
            event.preventDefault()
            send()
          }}
          className={`${fieldLook} field-sizing-content max-h-40 min-h-9 min-w-0 flex-1 resize-none`}
        />
        {writing ? (
          <Button className="h-9" onClick={stopAnswer}>
            {t('making.trialStop')}
          </Button>
        ) : (
          <Button look="primary" className="h-9" disabled={question.trim() === ''} onClick={send}>
            {t('making.trialSend')}
          </Button>
        )}
      </div>
    </>
  )
}

function TurnView({ turn: { question, answer, state, problem } }: { turn: Turn }) {
  const { t } = useTranslation()
  const words = { title: 'making.noAnswer', text: 'making.noAnswerText' } as const
  return (
    <article aria-busy={state === 'writing'} className="pb-5 text-row">
      <p
        dir="auto"
        className="mb-3 ml-auto w-fit max-w-[85%] rounded-large rounded-br-[4px] bg-hover px-3 py-1.5 break-words whitespace-pre-wrap"
      >
        {question}
      </p>
      {state === 'writing' && !answer ? <p className="text-small text-faint">{t('making.trialWaiting')}</p> : null}
      {answer ? <Markdown text={answer} growing={state === 'writing'} /> : null}
      {state === 'stopped' ? <p className="text-small text-faint">{t('making.trialStopped')}</p> : null}
      {problem ? <Trouble problem={problem} words={words} /> : null}
    </article>
  )
}
