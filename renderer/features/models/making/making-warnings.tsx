import { useTranslation } from 'react-i18next'
import type { Making } from '../../../../preload/contract.ts'

/** What may be worse in a model than in what it is made of. */
export function MakingWarnings({ warnings }: Pick<Making, 'warnings'>) {
  const { t } = useTranslation()
  return warnings.map(warning => (
    <p key={warning} role="status" className="pt-2 text-small leading-normal text-amber">
      {t(`making.${warning}`)}
    </p>
  ))
}
