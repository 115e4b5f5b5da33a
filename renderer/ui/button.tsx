import type { ComponentProps } from 'react'

const looks = {
  /** The one thing to do here. */
  primary: 'bg-ember text-ember-ink hover:bg-ember-hover border-transparent font-medium',
  plain: 'bg-raised border-line text-ink hover:bg-hover hover:border-line-strong',
  /** Destroys something. */
  danger: 'border-rose bg-raised text-rose hover:bg-rose-wash',
  quiet: 'border-transparent text-soft hover:bg-hover hover:text-ink',
}

interface Props extends ComponentProps<'button'> {
  look?: keyof typeof looks
}

export function Button({ look = 'plain', className = '', ...rest }: Props) {
  return (
    <button
      type="button"
      className={`inline-flex h-8 items-center gap-2 rounded-small border px-3 text-small transition-colors disabled:pointer-events-none disabled:opacity-50 ${looks[look]} ${className}`}
      {...rest}
    />
  )
}
