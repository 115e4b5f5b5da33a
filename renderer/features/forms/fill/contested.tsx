import { useTranslation } from 'react-i18next'
import { plainText } from '../../../../forms/columns.ts'
import { fieldName } from '../../../../forms/field.ts'
import { Button } from '../../../ui/button.tsx'
import type { Correction } from './use-correction.ts'

/** Fields that were changed here and elsewhere at the same time: what they are by now, and which of both is to stand. */
export function Contested({ contested, decide }: Pick<Correction, 'contested' | 'decide'>) {
  const { t } = useTranslation()
  const words = { yes: t('forms.yes'), no: t('forms.no') }
  if (contested.length === 0) return null
  return (
    <div role="alert" className="pt-4">
      <ul className="grid gap-3">
        {contested.map(({ field, theirs }) => {
          const name = fieldName(field)
          const text = plainText(theirs, field.shape, words)
          const isEmpty = text === ''
          return (
            <li key={field.key} className="rounded-box border border-line bg-raised p-3 text-small">
              <p dir="auto" className="break-words text-amber">
                {t(isEmpty ? 'forms.emptiedMeanwhile' : 'forms.changedMeanwhile', { name })}
              </p>
              {isEmpty ? null : (
                // biome-ignore lint/a11y/noNoninteractiveTabindex: the arrow keys scroll it
                <p tabIndex={0} dir="auto" className="mt-1 max-h-40 overflow-y-auto break-words whitespace-pre-wrap">
                  {text}
                </p>
              )}
              <div className="flex flex-wrap gap-2 pt-2.5">
                <Button onClick={() => decide(field, 'mine')}>{t('forms.keepMine')}</Button>
                <Button onClick={() => decide(field, 'theirs')}>
                  {t(isEmpty ? 'forms.leaveEmpty' : 'forms.takeTheirs')}
                </Button>
              </div>
            </li>
          )
        })}
      </ul>
    </div>
  )
}
