import { fieldLook } from './field-look.ts'

interface Props {
  /** What it searches; stands in it as well while it is empty, unless `placeholder` says more. */
  label: string
  placeholder?: string
  value: string
  onChange: (value: string) => void
  className: string
}

/** A field for words that some of a list are found by. */
export function SearchBox({ label, placeholder = label, value, onChange, className }: Props) {
  return (
    <input
      type="search"
      aria-label={label}
      placeholder={placeholder}
      spellCheck={false}
      autoComplete="off"
      maxLength={200}
      value={value}
      onChange={event => onChange(event.target.value)}
      className={`${fieldLook} ${className}`}
    />
  )
}
