import { useTranslation } from 'react-i18next'
import type { FormRow } from '../../../../preload/contract.ts'
import { attempt } from '../../../state/perform.ts'
import { Button } from '../../../ui/button.tsx'
import { runAgain } from '../form-actions.ts'
import { formProblemWords } from './form-problem-words.ts'

/** Why a row has failed, and what to do. */
export function RowProblem({ row, model }: { row: FormRow; model: string }) {
  const { t } = useTranslation()
  if (!row.problem) return null
  const { title, text } = formProblemWords(row.problem)
  return (
    <div role="alert" className="mb-4 rounded-box border border-line bg-raised p-4">
      <p className="font-medium text-row text-rose">{t(title)}</p>
      <p className="text-small text-soft">{t(text)}</p>
      <Button
        className="mt-3"
        disabled={model === ''}
        onClick={() => attempt(() => runAgain(row.formId, model, [row]))}
      >
        {t('problems.tryAgain')}
      </Button>
      <details className="mt-3 text-tiny text-faint">
        <summary className="w-fit rounded-small transition-colors hover:text-ink">{t('problems.details')}</summary>
        <p dir="auto" className="pt-1 font-mono break-words text-soft">
          {[row.problem.message, row.problem.details].filter(Boolean).join('\n')}
        </p>
      </details>
    </div>
  )
}
