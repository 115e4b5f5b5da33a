import { Slider as Radix } from 'radix-ui'

interface Props {
  label: string
  value: number
  min: number
  max: number
  step: number
  /** Not set: the handle stands pale at its usual place. */
  pale: boolean
  onChange: (value: number) => void
}

export function Slider({ label, value, min, max, step, pale, onChange }: Props) {
  return (
    <Radix.Root
      value={[value]}
      min={min}
      max={max}
      step={step}
      onValueChange={([next]) => next !== undefined && onChange(next)}
      className="relative flex h-5 w-full touch-none items-center select-none"
    >
      <Radix.Track className="relative h-1 flex-1 rounded-pill bg-line">
        <Radix.Range className={`absolute h-full rounded-pill ${pale ? 'bg-line-strong' : 'bg-ember'}`} />
      </Radix.Track>
      <Radix.Thumb
        aria-label={label}
        className={`block size-4 rounded-pill border-2 bg-raised ${pale ? 'border-line-strong' : 'border-ember'}`}
      />
    </Radix.Root>
  )
}
