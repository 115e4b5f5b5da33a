import { type KeyboardEvent, useRef } from 'react'
import { isComposing } from '../../ui/composing.ts'
import { ownEscape } from '../../ui/dialog-escape.ts'

interface Props {
  /** As it is now. */
  value: string
  label: string
  maxLength: number
  /** Called once: with what was written, or with null when it is to stay as it was. */
  onEnd: (written: string | null) => void
  /** Gives the focus back when a key has ended the writing. */
  onKeyEnd: () => void
  className?: string
}

/** A name being written in its place. Enter keeps it, leaving the field too; Escape leaves it as it was. */
export function NameField({ value, label, maxLength, onEnd, onKeyEnd, className = '' }: Props) {
  const done = useRef(false)
  const finish = (written: string | null) => {
    if (done.current) return
    done.current = true
    onEnd(written)
  }
  const press = (event: KeyboardEvent<HTMLInputElement>) => {
    event.stopPropagation()
    // The Escape of an input method gives up a word, not the name.
    if (isComposing(event)) return
    const enter = event.key === 'Enter'
    if (event.key !== 'Escape' && !enter) return
    event.preventDefault()
    finish(enter ? event.currentTarget.value : null)
    // What takes the field's place is there after the next drawing.
    requestAnimationFrame(onKeyEnd)
  }
  return (
    <input
      // biome-ignore lint/a11y/noAutofocus: the person has just asked to write here
      autoFocus
      {...ownEscape}
      defaultValue={value}
      maxLength={maxLength}
      aria-label={label}
      onFocus={event => event.currentTarget.select()}
      onBlur={event => finish(event.currentTarget.value)}
      onKeyDown={press}
      className={`min-w-0 rounded-small border border-line-strong bg-raised px-2 outline-none focus:border-ember ${className}`}
    />
  )
}
