import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import { longest } from '../../../../preload/contract-limits.ts'
import { fieldLook } from '../../../ui/field-look.ts'

/** What the model is told beside the fields. */
export function Instructions({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  const { t } = useTranslation()
  const id = useId()
  return (
    <div className="grid grid-cols-1 gap-1.5 pt-5">
      <label htmlFor={id} className="text-small text-faint">
        {t('forms.instructions')}
      </label>
      <textarea
        id={id}
        dir="auto"
        rows={2}
        maxLength={longest.instructions}
        value={value}
        placeholder={t('forms.instructionsPlaceholder')}
        onChange={event => onChange(event.target.value)}
        className={`${fieldLook} field-sizing-content max-h-60 resize-none`}
      />
    </div>
  )
}
