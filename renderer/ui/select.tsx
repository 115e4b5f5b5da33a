import { ChevronDownIcon } from 'lucide-react'
import type { ComponentProps } from 'react'
import { fieldLook } from './field-look.ts'

/** One of several in a list that the system draws. */
export function Select({ className = '', children, ...rest }: ComponentProps<'select'>) {
  return (
    <span className={`relative inline-flex min-w-0 ${className}`}>
      <select className={`${fieldLook} w-full appearance-none truncate pr-8`} {...rest}>
        {children}
      </select>
      <ChevronDownIcon
        aria-hidden
        className="pointer-events-none absolute top-1/2 right-2.5 size-3.5 -translate-y-1/2 text-faint"
      />
    </span>
  )
}
