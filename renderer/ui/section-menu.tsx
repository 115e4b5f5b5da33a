import { ChevronDownIcon } from 'lucide-react'
import { DropdownMenu as Radix } from 'radix-ui'
import { useState } from 'react'
import { Button } from './button.tsx'
import { Menu, menuItemLook } from './menu.tsx'

/** A way to each section of a long page, as they stand there when it is opened. */
export function SectionMenu({ label }: { label: string }) {
  const [headings, setHeadings] = useState<readonly HTMLElement[]>([])
  const [open, setOpen] = useState(false)
  const [chosen, setChosen] = useState<HTMLElement | null>(null)
  const change = (opens: boolean) => {
    if (opens) {
      setHeadings([...document.querySelectorAll<HTMLElement>('main section > h2')])
      setChosen(null)
    }
    setOpen(opens)
  }
  return (
    <Menu
      open={open}
      onOpenChange={change}
      onCloseAutoFocus={event => {
        if (chosen === null) return
        event.preventDefault()
        chosen.focus({ preventScroll: true })
        chosen.scrollIntoView({ block: 'start' })
      }}
      trigger={
        <Button look="quiet" className="-mr-2">
          {label}
          <ChevronDownIcon aria-hidden className="size-3.5" />
        </Button>
      }
    >
      {headings.map(heading => (
        <Radix.Item
          key={heading.textContent}
          onSelect={() => setChosen(heading)}
          className={`${menuItemLook} text-ink`}
        >
          {heading.textContent}
        </Radix.Item>
      ))}
    </Menu>
  )
}
