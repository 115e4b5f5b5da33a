import { XIcon } from 'lucide-react'
import { Dialog as Radix } from 'radix-ui'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from './button.tsx'
import { dialogEscape } from './dialog-escape.ts'
import { useDialogFocus } from './dialog-focus.ts'
import { IconButton } from './icon-button.tsx'

interface Props {
  title: string
  children: ReactNode
  /** The button that does what it asks about; without one, it is closed by the cross at its top. */
  action?: ReactNode
  /** What the safe button beside that is called, which leaves everything as it is, where "Cancel" would mislead. */
  leaveLabel?: string
  wide?: boolean
  onClose: () => void
  /** What gets the focus after it is gone. */
  returnTo: () => HTMLElement | null
}

/** A card over the window for one matter; Escape and a click beside it close it. */
export function Dialog({ title, children, action, leaveLabel, wide = false, onClose, returnTo }: Props) {
  const { t } = useTranslation()
  // A field, or the safe button first in the footer.
  const focus = useDialogFocus({ first: 'input, textarea, footer button', returnTo })
  return (
    <Radix.Root open onOpenChange={open => open || onClose()}>
      <Radix.Portal>
        <div aria-hidden className="fixed inset-0 z-20 bg-veil" />
        <Radix.Content
          {...focus}
          {...dialogEscape(onClose)}
          aria-describedby={undefined}
          className={`fixed inset-0 z-20 m-auto flex h-fit max-h-[calc(100%-3rem)] w-[calc(100%-3rem)] flex-col rounded-large border border-line bg-raised shadow-float outline-none ${wide ? 'max-w-column' : 'max-w-[28rem]'}`}
        >
          <header className="flex flex-none items-start gap-3 pt-4 pr-4 pl-6">
            <Radix.Title dir="auto" className="min-w-0 flex-1 pt-0.5 font-bold break-words">
              {title}
            </Radix.Title>
            <IconButton icon={XIcon} label={t('app.close')} onClick={onClose} />
          </header>
          <div className="min-h-0 flex-1 overflow-y-auto px-6 pt-1 pb-6">{children}</div>
          {action ? (
            <footer className="flex flex-none flex-wrap justify-end gap-2 px-6 pb-5">
              <Button onClick={onClose}>{leaveLabel ?? t('app.cancel')}</Button>
              {action}
            </footer>
          ) : null}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}
