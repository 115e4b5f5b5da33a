import { type ComponentProps, useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { Sidebar } from './sidebar.tsx'
import { closeSidebarOverlay } from './sidebar-state.ts'

/** The wide sidebar over a narrow window, until the person goes somewhere or turns away. */
export function SidebarOverlay(props: ComponentProps<typeof Sidebar>) {
  const { t } = useTranslation()
  const panel = useRef<HTMLDialogElement>(null)
  useEffect(() => panel.current?.showModal(), [])
  return (
    <dialog
      ref={panel}
      aria-label={t('app.sidebar')}
      onClose={closeSidebarOverlay}
      onClick={event => event.target === panel.current && panel.current?.close()}
      onKeyDown={event => event.key === 'Escape' && event.stopPropagation()}
      className="m-0 h-full max-h-none w-(--sidebar) max-w-none bg-sunk p-0 text-ink shadow-float outline-none backdrop:bg-veil"
    >
      <Sidebar {...props} />
    </dialog>
  )
}
