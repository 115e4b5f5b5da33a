import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ModelsPlace } from '../../../preload/contract.ts'
import { fileSize, sentences } from '../../i18n/format.ts'
import { call, problemFrom, subscribe } from '../../state/bridge.ts'
import { attempt } from '../../state/perform.ts'
import { problemWords } from '../../state/problem-words.ts'
import { Button } from '../../ui/button.tsx'
import { Row } from '../../ui/page.tsx'
import { Progress } from '../../ui/progress.tsx'
import { takeFolder } from '../models/other-folders.ts'
import { OtherFolders } from './other-folders.tsx'

type Move = NonNullable<ModelsPlace['move']>

const underWay = (move: Move | null) => move !== null && ['waiting', 'copying', 'removing'].includes(move.state)

/** Where the models lie, and their way to another folder. */
export function ModelsFolder() {
  const { t, i18n } = useTranslation()
  const [place, setPlace] = useState<ModelsPlace | null>(null)
  /** Why nothing was begun. */
  const [refusal, setRefusal] = useState<ReturnType<typeof problemWords> | null>(null)
  /** A second press would be refused, in words that hide what becomes of the first. */
  const beginning = useRef(false)
  useEffect(() => subscribe('modelsFolder.watch', {}, setPlace), [])
  if (place === null) return null
  const { path, writable, fixed, move } = place
  const disabled = fixed || underWay(move)
  const begin = async (change: () => Promise<unknown>) => {
    if (beginning.current) return
    beginning.current = true
    setRefusal(null)
    try {
      await change()
    } catch (error) {
      setRefusal(problemWords(problemFrom(error)))
    } finally {
      beginning.current = false
    }
  }
  return (
    <div>
      <Row
        name={t('settings.modelsFolder')}
        hint={t(fixed ? 'settings.modelsFolderFixed' : 'settings.modelsFolderHint')}
      >
        <div className="flex flex-wrap gap-2">
          <Button disabled={disabled} onClick={() => void begin(() => call('modelsFolder.move', {}))}>
            {t('settings.moveModels')}
          </Button>
          <Button disabled={disabled} onClick={() => void begin(() => takeFolder(null))}>
            {t('settings.useFolder')}
          </Button>
        </div>
      </Row>
      <div className="pb-4 text-small leading-normal">
        <p dir="ltr" className="w-fit rounded-small bg-sunk px-2.5 py-1 break-all text-soft select-text">
          {path}
        </p>
        {writable ? null : <p className="pt-2 text-soft">{t('settings.modelsReadOnly')}</p>}
        {refusal ? (
          <p role="alert" className="pt-2 text-rose">
            {sentences([t(refusal.title), t(refusal.text)], i18n.language)}
          </p>
        ) : move ? (
          <MoveState move={move} />
        ) : null}
        <OtherFolders disabled={disabled} onUse={other => void begin(() => takeFolder(other))} />
      </div>
    </div>
  )
}

/** How far a move is, or what became of it. */
function MoveState({ move }: { move: Move }) {
  const { t, i18n } = useTranslation()
  const { state, completed, total, problem, from, to, inPlace } = move
  if (problem) {
    const { title, text } = problemWords(problem)
    return (
      <p role="alert" className="pt-2 text-rose">
        {sentences([t(title), t(text), t('settings.moveFailed')], i18n.language)}
      </p>
    )
  }
  const size = (bytes: number) => fileSize(bytes, i18n.language)
  const cancel = async () => {
    await call('modelsFolder.cancel', {})
  }
  return (
    <div className="pt-2">
      <p role="status" className="break-words text-soft">
        {t(wordsOf(move), { folder: to, from })}
      </p>
      {state === 'copying' ? (
        <>
          <Progress label={t('settings.moveProgress')} fraction={total > 0 ? completed / total : null} live />
          <p className="text-faint tabular-nums">
            {/* Every byte counts twice: copied, and read again to make sure. */}
            {t('settings.moveBytes', { completed: size(completed / 2), total: size(total / 2) })}
          </p>
        </>
      ) : null}
      {state === 'waiting' || state === 'copying' ? (
        <Button className="mt-2" onClick={() => attempt(cancel)}>
          {t(inPlace ? 'app.cancel' : 'settings.cancelMove')}
        </Button>
      ) : null}
    </div>
  )
}

function wordsOf({ state, total, inPlace, from, to }: Move) {
  if (state === 'done' && inPlace) return from === to ? 'settings.useSame' : 'settings.use_done'
  if (inPlace && (state === 'waiting' || state === 'cancelled')) return `settings.use_${state}` as const
  return state === 'done' && total === 0 ? 'settings.movedNothing' : (`settings.move_${state}` as const)
}
