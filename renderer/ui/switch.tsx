import { Switch as Radix } from 'radix-ui'
import { useId } from 'react'

interface Props {
  label: string
  /** What stands beside it says the name already. */
  labelHidden?: boolean
  checked: boolean
  onChange: (on: boolean) => void
}

/** On or off, with its name beside it. */
export function Switch({ label, labelHidden = false, checked, onChange }: Props) {
  const id = useId()
  return (
    <span className="inline-flex items-center gap-2.5">
      <Radix.Root
        id={id}
        checked={checked}
        onCheckedChange={onChange}
        className="relative h-5 w-9 flex-none rounded-pill border border-line-strong bg-sunk transition-colors data-[state=checked]:border-transparent data-[state=checked]:bg-ember"
      >
        <Radix.Thumb className="block size-3.5 translate-x-0.5 rounded-pill bg-soft transition-transform data-[state=checked]:translate-x-4.5 data-[state=checked]:bg-ember-ink" />
      </Radix.Root>
      <label htmlFor={id} className={labelHidden ? 'sr-only' : 'text-small text-soft'}>
        {label}
      </label>
    </span>
  )
}
