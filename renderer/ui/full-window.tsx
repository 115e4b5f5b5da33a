import { XIcon } from 'lucide-react'
import { Dialog } from 'radix-ui'
import type { KeyboardEvent, ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { dialogEscape } from './dialog-escape.ts'
import { useDialogFocus } from './dialog-focus.ts'
import { IconButton } from './icon-button.tsx'

interface Props {
  title: string
  /** Beside the title. */
  tools?: ReactNode
  children: ReactNode
  onKeyDown?: (event: KeyboardEvent) => void
  onClose: () => void
}

/** One thing over the whole window, under a bar with its title; Escape closes it. */
export function FullWindow({ title, tools, children, onKeyDown, onClose }: Props) {
  const { t } = useTranslation()
  const focus = useDialogFocus()
  const byEscape = dialogEscape(onClose)
  return (
    <Dialog.Root open onOpenChange={open => open || onClose()}>
      <Dialog.Portal>
        <Dialog.Content
          {...focus}
          {...byEscape}
          aria-describedby={undefined}
          onKeyDown={event => {
            byEscape.onKeyDown(event)
            onKeyDown?.(event)
          }}
          className="appear fixed inset-0 z-40 flex flex-col bg-paper outline-none"
        >
          <div className="flex h-(--header) flex-none items-center gap-2 border-b border-line pr-3 pl-5">
            <Dialog.Title dir="auto" className="min-w-0 flex-1 truncate text-row font-bold">
              {title}
            </Dialog.Title>
            {tools}
            <Dialog.Close asChild>
              <IconButton icon={XIcon} label={t('app.close')} />
            </Dialog.Close>
          </div>
          {children}
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  )
}
