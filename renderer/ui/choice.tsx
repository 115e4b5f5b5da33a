import { RadioGroup } from 'radix-ui'

interface Props<Value extends string> {
  label: string
  value: Value
  choices: readonly { value: Value; label: string }[]
  disabled?: boolean
  invalid?: boolean
  /** Ids of what is said about it. */
  describedBy?: string | undefined
  /** More of them than fit side by side in a narrow window: each stands by itself then. */
  many?: boolean
  onChange: (value: Value) => void
}

const looks = {
  few: {
    root: 'gap-0.5 rounded-box border border-line bg-sunk p-0.5',
    item: 'rounded-small px-2.5 wide:px-3 data-[state=checked]:bg-raised data-[state=checked]:shadow-[0_0_0_1px_var(--line)]',
  },
  many: {
    root: 'gap-1.5',
    item: 'rounded-pill border border-line px-3 hover:border-line-strong data-[state=checked]:border-ember data-[state=checked]:bg-raised',
  },
} as const

/** One of a few, all in sight. */
export function Choice<Value extends string>(props: Props<Value>) {
  const { label, value, choices, disabled = false, invalid = false, describedBy, many = false, onChange } = props
  const look = looks[many ? 'many' : 'few']
  return (
    <RadioGroup.Root
      aria-label={label}
      aria-invalid={invalid || undefined}
      aria-describedby={describedBy}
      value={value}
      disabled={disabled}
      onValueChange={next => onChange(next as Value)}
      className={`flex w-fit flex-wrap ${look.root}`}
    >
      {choices.map(choice => (
        <RadioGroup.Item
          key={choice.value}
          value={choice.value}
          className={`h-8 text-small text-soft transition-colors hover:text-ink data-[state=checked]:text-ink ${look.item}`}
        >
          {choice.label}
        </RadioGroup.Item>
      ))}
    </RadioGroup.Root>
  )
}
