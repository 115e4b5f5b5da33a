import { useTranslation } from 'react-i18next'
import { Trouble } from '../trouble.tsx'
import { type Mishap, useDraft } from './draft-store.ts'
import { makingWords } from './making-words.ts'

/** Beside the buttons for files: what went wrong with those that were chosen last. */
export function MishapNote({ wanted }: Pick<Mishap, 'wanted'>) {
  const { t } = useTranslation()
  const mishap = useDraft(state => state.mishap)
  if (mishap?.wanted !== wanted) return null
  const { why, name } = mishap
  if ('problem' in why) return <Trouble problem={why.problem} words={makingWords(why.problem)} name={name} />
  return (
    <p role="alert" className="pt-2 text-small text-amber">
      {t(why.remark)}
    </p>
  )
}
