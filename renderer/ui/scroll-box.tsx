import type { ReactNode } from 'react'

/** A box that scrolls sideways, reachable by keyboard so that its end is, too. */
export function ScrollBox({
  label,
  className = '',
  children,
}: {
  label: string
  className?: string
  children: ReactNode
}) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for forms
    // biome-ignore lint/a11y/noNoninteractiveTabindex: the arrow keys scroll it
    <div role="group" tabIndex={0} aria-label={label} className={`overflow-x-auto ${className}`}>
      {children}
    </div>
  )
}
