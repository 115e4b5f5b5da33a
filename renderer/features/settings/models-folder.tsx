import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ModelsPlace } from '../../../preload/contract.ts'
import { fileSize, sentences } from '../../i18n/format.ts'
import { call, problemFrom, subscribe } from '../../state/bridge.ts'
import { attempt } from '../../state/perform.ts'
import { problemWords } from '../../state/problem-words.ts'
import { Button } from '../../ui/button.tsx'
import { Row } from '../../ui/page.tsx'
import { Progress } from '../../ui/progress.tsx'

type Move = NonNullable<ModelsPlace['move']>

const underWay = (move: Move | null) => move !== null && ['waiting', 'copying', 'removing'].includes(move.state)

/** Where the models lie, and their way to another folder. */
export function ModelsFolder() {
  const { t, i18n } = useTranslation()
  const [place, setPlace] = useState<ModelsPlace | null>(null)
  /** Why no move was begun. */
  const [refusal, setRefusal] = useState<ReturnType<typeof problemWords> | null>(null)
  useEffect(() => subscribe('modelsFolder.watch', {}, setPlace), [])
  if (place === null) return null
  const { path, fixed, move } = place
  const begin = async () => {
    setRefusal(null)
    try {
      await call('modelsFolder.move', {})
    } catch (error) {
      setRefusal(problemWords(problemFrom(error)))
    }
  }
  return (
    <div>
      <Row
        name={t('settings.modelsFolder')}
        hint={t(fixed ? 'settings.modelsFolderFixed' : 'settings.modelsFolderHint')}
      >
        <Button disabled={fixed || underWay(move)} onClick={() => void begin()}>
          {t('settings.moveModels')}
        </Button>
      </Row>
      <div className="pb-4 text-small leading-normal">
        <p dir="ltr" className="w-fit rounded-small bg-sunk px-2.5 py-1 break-all text-soft select-text">
          {path}
        </p>
        {refusal ? (
          <p role="alert" className="pt-2 text-rose">
            {sentences([t(refusal.title), t(refusal.text)], i18n.language)}
          </p>
        ) : move ? (
          <MoveState move={move} />
        ) : null}
      </div>
    </div>
  )
}

/** How far a move is, or what became of it. */
function MoveState({ move }: { move: Move }) {
  const { t, i18n } = useTranslation()
  const { state, completed, total, problem, to } = move
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
        {t(state === 'done' && total === 0 ? 'settings.movedNothing' : `settings.move_${state}`, { folder: to })}
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
          {t('settings.cancelMove')}
        </Button>
      ) : null}
    </div>
  )
}
