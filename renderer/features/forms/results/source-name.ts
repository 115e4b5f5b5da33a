import { useCallback } from 'react'
import { useTranslation } from 'react-i18next'
import type { FormRow } from '../../../../preload/contract.ts'

/** Characters of a text that has no name. */
const most = 80

/** What a row was made from, in a line: its name, or how it begins. */
export function useSourceName(): (row: FormRow) => string {
  const { t } = useTranslation()
  return useCallback(
    ({ source }: FormRow) => {
      const beginning = source.excerpt.replace(/\s+/g, ' ').trim()
      return (
        source.name ||
        (beginning.length > most ? `${beginning.slice(0, most)}…` : beginning) ||
        t('forms.untitledSource')
      )
    },
    [t],
  )
}
