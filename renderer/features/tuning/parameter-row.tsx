import { RotateCcwIcon } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { fieldLook } from '../../ui/field-look.ts'
import { IconButton } from '../../ui/icon-button.tsx'
import { Slider } from '../../ui/slider.tsx'
import type { Parameter } from './parameters.ts'

interface Props {
  parameter: Parameter
  value: number | undefined
  /** What is shown in an empty field, where more is known than an example. */
  placeholder?: string | undefined
  /** Undefined goes back to the model's own. */
  onChange: (value: number | undefined) => void
}

/** One thing about how a model answers: what it means, and the handle or the field that sets it. */
export function ParameterRow({ parameter, value, placeholder, onChange }: Props) {
  const { t } = useTranslation()
  const label = t(parameter.label)
  return (
    <div className="pt-6">
      <div className="flex h-7 items-center gap-1">
        <span className="flex-1 text-row">{label}</span>
        <span className="text-small text-soft tabular-nums">{value ?? t('tuning.own')}</span>
        {value === undefined ? null : (
          <IconButton
            icon={RotateCcwIcon}
            label={t('tuning.reset', { name: label })}
            className="size-7"
            onClick={() => onChange(undefined)}
          />
        )}
      </div>
      <p className="pb-1.5 text-small leading-normal text-soft">{t(parameter.hint)}</p>
      {parameter.kind === 'range' ? (
        <>
          <Slider
            label={label}
            min={parameter.min}
            max={parameter.max}
            step={parameter.step}
            value={value ?? parameter.usual}
            pale={value === undefined}
            onChange={next => onChange(Math.round(next * 100) / 100)}
          />
          <Ends>
            <span>{t(parameter.low)}</span>
            <span>{t(parameter.high)}</span>
          </Ends>
        </>
      ) : (
        <NumberField
          key={value}
          label={label}
          value={value}
          parameter={parameter}
          placeholder={placeholder}
          onChange={onChange}
        />
      )}
    </div>
  )
}

const Ends = ({ children }: { children: ReactNode }) => (
  <div className="flex justify-between text-tiny text-faint">{children}</div>
)

interface NumberFieldProps {
  label: string
  value: number | undefined
  parameter: Extract<Parameter, { kind: 'number' }>
  placeholder: string | undefined
  onChange: (value: number | undefined) => void
}

/** Taken when the person leaves it or presses Enter: on the way to 8192 stands an 8. */
function NumberField({ label, value, parameter, placeholder, onChange }: NumberFieldProps) {
  const { t } = useTranslation()
  const take = (text: string) => {
    const next = within(text, parameter)
    if (next !== value) onChange(next)
  }
  return (
    <input
      type="number"
      aria-label={label}
      inputMode="numeric"
      min={parameter.min}
      max={parameter.max}
      // An example says that it is one: a bare number would pass for what is set.
      placeholder={placeholder ?? t('tuning.example', { number: parameter.placeholder })}
      defaultValue={value ?? ''}
      onBlur={event => take(event.currentTarget.value)}
      onKeyDown={event => event.key === 'Enter' && take(event.currentTarget.value)}
      className={`${fieldLook} h-8.5 w-full tabular-nums`}
    />
  )
}

/** What was typed as a number of the range; undefined for nothing. */
function within(text: string, { min, max }: { min: number; max: number }): number | undefined {
  const number = Number.parseInt(text, 10)
  return Number.isNaN(number) ? undefined : Math.min(max, Math.max(min, number))
}
