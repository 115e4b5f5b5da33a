import { useId } from 'react'

interface Props {
  label: string
  hint: string
  placeholder?: string
  value: string
  rows: number
  /** Characters. */
  most: number
  /** For what a program reads. */
  code?: boolean
  onChange: (value: string) => void
}

/** A long text with its name and what it is for. */
export function TextField({ label, hint, placeholder, value, rows, most, code = false, onChange }: Props) {
  const field = useId()
  const about = useId()
  return (
    <div className="pt-4">
      <label htmlFor={field} className="block text-row">
        {label}
      </label>
      <p id={about} className="pt-0.5 text-small leading-normal text-soft">
        {hint}
      </p>
      <textarea
        id={field}
        dir="auto"
        aria-describedby={about}
        value={value}
        rows={rows}
        maxLength={most}
        spellCheck={!code}
        placeholder={placeholder}
        onChange={event => onChange(event.target.value)}
        className={`mt-2 w-full resize-y rounded-small border border-line-strong bg-raised px-3 py-2 leading-normal ${code ? 'font-mono text-small' : 'text-row'}`}
      />
    </div>
  )
}
