import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { gap } from '../../i18n/format.ts'
import { attempt } from '../../state/perform.ts'
import { go } from '../../state/place.ts'
import { isQuickWindow } from '../../state/quick-window.ts'
import { fitSentence } from './discover/fit-words.ts'
import { refreshFits, useFit } from './fits-store.ts'
import { chatting, type InstalledModel } from './installed-model.ts'
import { useModels } from './models-store.ts'

/** Smaller ones fit into every computer that Hearth starts on. Bytes. */
const mayNotFit = 1_000_000_000

/**
 * Whether a model is too large for this computer's memory. It is looked at only where that may be of one that is here:
 * the list it is picked from is to know before it is opened.
 */
export function useDoesNotFit(model: InstalledModel | undefined): boolean {
  const large = useModels(({ models }) => chatting(models ?? []).some(({ size }) => size > mayNotFit))
  const name = model?.name ?? ''
  // biome-ignore lint/correctness/useExhaustiveDependencies: another model is another time to look
  useEffect(() => {
    if (large) attempt(refreshFits)
  }, [large, name])
  return useFit(name)?.verdict === 'too-large'
}

interface Props {
  /** Its name. */
  model: string
  /** Whether it is writing an answer: afterwards is another time to look. */
  answering: boolean
}

/** Says before a question that the model it would go to does not fit, and leads to others. */
export function DoesNotFit({ model, answering }: Props) {
  const { t, i18n } = useTranslation()
  const fit = useFit(model)
  useEffect(() => {
    if (!answering) attempt(refreshFits)
  }, [answering])
  // Other programs were closed meanwhile, as the sentence asks for.
  useEffect(() => {
    const look = () => attempt(refreshFits)
    window.addEventListener('focus', look)
    return () => window.removeEventListener('focus', look)
  }, [])
  return (
    <>
      <span className="text-rose">{fit ? fitSentence(fit, t, i18n.language) : null}</span>
      {gap(i18n.language)}
      <span className="whitespace-nowrap">{t('fit.guessed')}</span>
      {isQuickWindow() ? null : (
        <>
          {' '}
          <button
            type="button"
            onClick={() => go({ kind: 'models', view: 'discover' })}
            className="rounded-small underline underline-offset-2 transition-colors hover:text-ink"
          >
            {t('fit.findFitting')}
          </button>
        </>
      )}
    </>
  )
}
