import { ChevronRightIcon, type LucideIcon } from 'lucide-react'
import { DropdownMenu as Radix } from 'radix-ui'
import {
  type ComponentProps,
  type KeyboardEvent,
  type PointerEvent,
  type ReactElement,
  type ReactNode,
  useEffect,
  useRef,
  useState,
} from 'react'
import { useTranslation } from 'react-i18next'
import { type Action, shortcutLabel } from '../state/action.ts'
import { useAppInfo } from '../state/app-info.ts'
import { perform } from '../state/perform.ts'
import { dialogEscape } from './dialog-escape.ts'

interface MenuProps extends Pick<ComponentProps<typeof Radix.Root>, 'open' | 'onOpenChange'> {
  /** One button that opens it. */
  trigger: ReactElement
  children: ReactNode
  align?: 'start' | 'end'
  side?: 'top' | 'bottom'
  className?: string
  onCloseAutoFocus?: (event: Event) => void
}

/** Pixels from which the pointer was drawn from one place to another. */
const drawn = 8

/** A menu below (or above) a button. Not modal: the page behind stays as it is, and needs no style written into it. */
export function Menu({ trigger, children, align = 'end', side, className = '', onCloseAutoFocus, ...root }: MenuProps) {
  const button = useRef<HTMLButtonElement>(null)
  const press = useRef<{ readonly x: number; readonly y: number }>(undefined)
  const [own, setOwn] = useState(false)
  const open = root.open ?? own
  const change = root.onOpenChange ?? setOwn
  const hold = ({ clientX, clientY }: PointerEvent) => {
    press.current = { x: clientX, y: clientY }
  }
  // In a narrower window its button may be gone, and the menu would stand in a corner.
  useEffect(() => {
    if (!open) return
    const closeWithButton = () => {
      if (button.current?.getClientRects().length === 0) change(false)
    }
    window.addEventListener('resize', closeWithButton)
    return () => window.removeEventListener('resize', closeWithButton)
  }, [open, change])
  return (
    <Radix.Root modal={false} open={open} onOpenChange={change}>
      <Radix.Trigger asChild ref={button} onPointerDown={hold} onKeyDown={passHeldKey}>
        {trigger}
      </Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          {...dialogEscape(() => change(false))}
          align={align}
          side={side}
          sideOffset={6}
          collisionPadding={8}
          onPointerDownCapture={hold}
          onKeyDownCapture={passHeldKey}
          onPointerUpCapture={event => {
            // A press lets go where it was: what has moved under the pointer meanwhile was not chosen. What was pressed
            // and let go hears of it by its click.
            const { x = Number.NaN, y = Number.NaN } = press.current ?? {}
            if (Math.hypot(event.clientX - x, event.clientY - y) < drawn) event.stopPropagation()
          }}
          onCloseAutoFocus={event => {
            onCloseAutoFocus?.(event)
            // An action may have put the focus into a field; the button must not take it back.
            if (document.activeElement instanceof HTMLInputElement) event.preventDefault()
          }}
          className={`appear z-20 max-h-(--radix-dropdown-menu-content-available-height) min-w-44 overflow-y-auto rounded-box border border-line bg-raised p-1 text-row shadow-float outline-none ${className}`}
        >
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}

/** A key that opens a menu, or chooses in it, does so once, however long it is held. */
function passHeldKey(event: KeyboardEvent): void {
  if (event.repeat && (event.key === 'Enter' || event.key === ' ')) event.preventDefault()
}

export const menuItemLook =
  'flex select-none items-center gap-2.5 rounded-small px-2.5 py-1.5 outline-none data-[highlighted]:bg-hover data-[disabled]:opacity-50'

interface ItemProps {
  icon: LucideIcon
  children: ReactNode
  danger?: boolean | undefined
  /** Keys, already written for this platform. */
  shortcut?: string | undefined
  /** Why it has to wait; it can be reached all the same, so that everybody learns it. */
  reason?: string | undefined
  onSelect: () => void
}

export function Item({ icon: Icon, children, danger, shortcut, reason, onSelect }: ItemProps) {
  return (
    <Radix.Item
      aria-disabled={reason !== undefined}
      onSelect={onSelect}
      className={`${menuItemLook} ${reason ? 'text-soft' : danger ? 'text-rose' : 'text-ink'}`}
    >
      <Icon aria-hidden className={danger && !reason ? '' : 'text-faint'} />
      <span dir="auto" className="max-w-56 flex-1 truncate">
        {children}
        {reason ? <span className="block whitespace-normal text-tiny">{reason}</span> : null}
      </span>
      {shortcut ? <kbd className="font-sans text-tiny text-soft">{shortcut}</kbd> : null}
    </Radix.Item>
  )
}

/** Items behind an item. */
export function SubMenu({ icon: Icon, name, children }: { icon: LucideIcon; name: string; children: ReactNode }) {
  return (
    <Radix.Sub>
      <Radix.SubTrigger className={`${menuItemLook} text-ink data-[state=open]:bg-hover`}>
        <Icon aria-hidden className="text-faint" />
        <span className="flex-1">{name}</span>
        <ChevronRightIcon aria-hidden className="size-3.5 text-faint" />
      </Radix.SubTrigger>
      <Radix.Portal>
        <Radix.SubContent
          sideOffset={4}
          collisionPadding={8}
          className="appear z-20 max-h-(--radix-dropdown-menu-content-available-height) min-w-44 overflow-y-auto rounded-box border border-line bg-raised p-1 text-row shadow-float outline-none"
        >
          {children}
        </Radix.SubContent>
      </Radix.Portal>
    </Radix.Sub>
  )
}

/** The items of a menu, drawn from actions; those that cannot be done here are left out. */
export function ActionItems<Subject>({ actions, subject }: { actions: readonly Action<Subject>[]; subject: Subject }) {
  const { t } = useTranslation()
  const platform = useAppInfo(info => info.platform)
  return actions
    .filter(action => action.when?.(subject) ?? true)
    .map(action => {
      const reason = action.blocked?.(subject)
      return (
        <Item
          key={action.id}
          icon={action.icon}
          danger={action.danger}
          shortcut={action.shortcut && shortcutLabel(action.shortcut, platform)}
          reason={reason && t(reason)}
          onSelect={() => perform(action, subject)}
        >
          {t(action.name)}
        </Item>
      )
    })
}
