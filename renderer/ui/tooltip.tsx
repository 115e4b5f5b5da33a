import { Tooltip as Radix } from 'radix-ui'
import type { ComponentProps, ReactElement } from 'react'

interface Props {
  text: string
  shortcut?: string | undefined
  side?: ComponentProps<typeof Radix.Content>['side']
  /** One element that takes a ref and props. */
  children: ReactElement
}

export function Tooltip({ text, shortcut, side = 'bottom', children }: Props) {
  return (
    <Radix.Root>
      <Radix.Trigger asChild>{children}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          side={side}
          sideOffset={6}
          collisionPadding={8}
          className="appear z-30 flex items-center gap-2 rounded-small border border-line bg-raised px-2.5 py-1 text-tiny text-ink shadow-card"
        >
          {text}
          {shortcut ? <kbd className="font-sans text-faint">{shortcut}</kbd> : null}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}

export const TooltipProvider = Radix.Provider
