import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { TextKey } from '../../../i18n/texts.ts'
import { fieldLook } from '../../../ui/field-look.ts'

interface Props {
  label: TextKey
  value: number | undefined
  /** Whole and not below nothing. */
  count?: boolean
  onChange: (value: number | undefined) => void
}

/** A number, or none. What is no number stays as it was typed, and counts as none. */
export function NumberInput({ label, value, count = false, onChange }: Props) {
  const { t } = useTranslation()
  const id = useId()
  const [typed, setTyped] = useState(value === undefined ? '' : String(value))
  const read = parse(typed, count)
  // Another field is drawn in this place now, or the limit was taken back.
  const shown = read === value ? typed : value === undefined ? '' : String(value)
  return (
    <div className="grid grid-cols-1 gap-1">
      <label htmlFor={id} className="text-small text-soft">
        {t(label)}
      </label>
      <input
        id={id}
        inputMode={count ? 'numeric' : 'decimal'}
        value={shown}
        placeholder={t('forms.noLimit')}
        aria-invalid={typed !== '' && read === undefined}
        onChange={event => {
          setTyped(event.target.value)
          onChange(parse(event.target.value, count))
        }}
        className={`${fieldLook} w-full`}
      />
    </div>
  )
}

function parse(text: string, count: boolean): number | undefined {
  const number = text.trim() === '' ? Number.NaN : Number(text.trim().replace(',', '.'))
  if (!Number.isFinite(number)) return undefined
  return !count || (Number.isInteger(number) && number >= 0) ? number : undefined
}
