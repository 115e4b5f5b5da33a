import { XIcon } from 'lucide-react'
import type { ReactNode } from 'react'
import { IconButton } from './icon-button.tsx'

interface Props {
  title: string
  /** Beside the title. */
  tools?: ReactNode
  /** What closing it is called. */
  closeLabel: string
  onClose: () => void
  /** Its width, and where it ends below when it lies over a window that has no room beside. */
  className: string
  children: ReactNode
}

/** A panel at the right of the page that it belongs to; over it where there is no room beside. */
export function SidePanel({ title, tools, closeLabel, onClose, className, children }: Props) {
  return (
    <aside
      aria-label={title}
      className={`slide-in flex max-w-full flex-none flex-col border-l border-line bg-sunk max-[64rem]:absolute max-[64rem]:top-0 max-[64rem]:right-0 max-[64rem]:z-10 max-[64rem]:shadow-float ${className}`}
    >
      <header className="flex h-(--header) flex-none items-center gap-1 border-b border-line pr-3 pl-5">
        <h2 className="flex-1 font-bold">{title}</h2>
        {tools}
        <IconButton icon={XIcon} label={closeLabel} onClick={onClose} />
      </header>
      {children}
    </aside>
  )
}
