import { RadioGroup } from 'radix-ui'

interface Props<Value extends string> {
  label: string
  value: Value
  choices: readonly { value: Value; label: string }[]
  disabled?: boolean
  invalid?: boolean
  /** Ids of what is said about it. */
  describedBy?: string | undefined
  onChange: (value: Value) => void
}

/** One of a few, all in sight. */
export function Choice<Value extends string>(props: Props<Value>) {
  const { label, value, choices, disabled = false, invalid = false, describedBy, onChange } = props
  return (
    <RadioGroup.Root
      aria-label={label}
      aria-invalid={invalid || undefined}
      aria-describedby={describedBy}
      value={value}
      disabled={disabled}
      onValueChange={next => onChange(next as Value)}
      className="flex w-fit flex-wrap gap-0.5 rounded-box border border-line bg-sunk p-0.5"
    >
      {choices.map(choice => (
        <RadioGroup.Item
          key={choice.value}
          value={choice.value}
          className="h-8 rounded-small px-2.5 text-small wide:px-3 text-soft transition-colors hover:text-ink data-[state=checked]:bg-raised data-[state=checked]:text-ink data-[state=checked]:shadow-[0_0_0_1px_var(--line)]"
        >
          {choice.label}
        </RadioGroup.Item>
      ))}
    </RadioGroup.Root>
  )
}
