import type { LucideIcon } from 'lucide-react'
import type { ReactNode } from 'react'

interface Props {
  icon: LucideIcon
  /** What is going to stand here. */
  text: string
  /** A button that leads to it, where one does. */
  children?: ReactNode
}

/** In the middle of a place with nothing in it. */
export function NothingHere({ icon: Icon, text, children }: Props) {
  return (
    <div className="flex flex-col items-center gap-4 px-6 py-16 text-center">
      <Icon aria-hidden className="size-8 text-line-strong" />
      <p className="max-w-80 text-row text-balance text-soft">{text}</p>
      {children}
    </div>
  )
}
