import { useCallback } from 'react'
import { useTranslation } from 'react-i18next'
import type { FormRow } from '../../../../preload/contract.ts'

/** What a row was made from, in a line: its name, or how it begins. */
export function useSourceName(): (row: FormRow) => string {
  const { t } = useTranslation()
  return useCallback(
    ({ source }: FormRow) =>
      source.name || source.excerpt.replace(/\s+/g, ' ').trim().slice(0, 80) || t('forms.untitledSource'),
    [t],
  )
}
