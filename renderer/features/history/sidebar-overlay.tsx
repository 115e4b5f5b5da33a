import { Dialog } from 'radix-ui'
import { type ComponentProps, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { useRenaming } from './history-store.ts'
import { Sidebar } from './sidebar.tsx'
import { closeSidebarOverlay } from './sidebar-state.ts'

/** The wide sidebar over a narrow window, until the person goes somewhere or turns away. */
export function SidebarOverlay(props: ComponentProps<typeof Sidebar>) {
  const { t } = useTranslation()
  const panel = useRef<HTMLDivElement>(null)
  return (
    <Dialog.Root open onOpenChange={open => open || closeSidebarOverlay()}>
      <Dialog.Portal>
        <div aria-hidden className="fixed inset-0 z-10 bg-veil" />
        <Dialog.Content
          ref={panel}
          aria-describedby={undefined}
          onOpenAutoFocus={event => {
            // The whole panel, not the button that closes it.
            event.preventDefault()
            panel.current?.focus()
          }}
          onEscapeKeyDown={event => {
            // In a title being written, Escape leaves the title.
            if (useRenaming.getState().renaming) event.preventDefault()
          }}
          className="slide fixed inset-y-0 left-0 z-10 shadow-float outline-none"
        >
          <Dialog.Title className="sr-only">{t('app.sidebar')}</Dialog.Title>
          <Sidebar {...props} />
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  )
}
