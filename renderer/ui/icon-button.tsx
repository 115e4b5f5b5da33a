import type { LucideIcon } from 'lucide-react'
import type { ComponentProps } from 'react'
import { Tooltip } from './tooltip.tsx'

interface Props extends Omit<ComponentProps<'button'>, 'children'> {
  icon: LucideIcon
  /** What it does, for the tooltip and for those who do not see the picture. */
  label: string
  /** Keys, already written for this platform. */
  shortcut?: string | undefined
  side?: ComponentProps<typeof Tooltip>['side']
}

export function IconButton({ icon: Icon, label, shortcut, side, className = '', ...rest }: Props) {
  return (
    <Tooltip text={label} shortcut={shortcut} side={side}>
      <button
        type="button"
        aria-label={label}
        className={`grid size-8 flex-none place-items-center rounded-small text-faint transition-colors hover:bg-hover hover:text-ink disabled:pointer-events-none disabled:opacity-40 data-[state=open]:bg-hover data-[state=open]:text-ink ${className}`}
        {...rest}
      >
        <Icon aria-hidden />
      </button>
    </Tooltip>
  )
}
