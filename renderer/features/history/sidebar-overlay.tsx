import { Dialog } from 'radix-ui'
import type { ComponentProps } from 'react'
import { useTranslation } from 'react-i18next'
import { dialogEscape } from '../../ui/dialog-escape.ts'
import { useDialogFocus } from '../../ui/dialog-focus.ts'
import { Sidebar } from './sidebar.tsx'
import { closeSidebarOverlay } from './sidebar-state.ts'

/** The wide sidebar over a narrow window, until the person goes somewhere or turns away. */
export function SidebarOverlay(props: ComponentProps<typeof Sidebar>) {
  const { t } = useTranslation()
  // Where the person has gone somewhere, that place may have taken it.
  const focus = useDialogFocus({ returnTo: opener => (document.activeElement === document.body ? opener : null) })
  return (
    <Dialog.Root open onOpenChange={open => open || closeSidebarOverlay()}>
      <Dialog.Portal>
        <div aria-hidden className="fixed inset-0 z-10 bg-veil" />
        <Dialog.Content
          {...focus}
          {...dialogEscape(closeSidebarOverlay)}
          aria-describedby={undefined}
          className="slide fixed inset-y-0 left-0 z-10 shadow-float outline-none"
        >
          <Dialog.Title className="sr-only">{t('app.sidebar')}</Dialog.Title>
          <Sidebar {...props} />
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  )
}
