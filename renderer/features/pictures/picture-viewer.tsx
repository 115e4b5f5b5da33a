import { ChevronLeftIcon, ChevronRightIcon, XIcon } from 'lucide-react'
import { Dialog } from 'radix-ui'
import { type KeyboardEvent, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Attachment } from '../../../preload/contract.ts'
import { IconButton } from '../../ui/icon-button.tsx'
import { Picture, pictureName } from './picture.tsx'

interface Props {
  pictures: readonly Attachment[]
  /** Which of them. */
  shown: number
  onShow: (index: number) => void
  onClose: () => void
}

/** One picture over the whole window; the arrow keys go to the others of its question. */
export function PictureViewer({ pictures, shown, onShow, onClose }: Props) {
  const { t } = useTranslation()
  const panel = useRef<HTMLDivElement>(null)
  const [opener] = useState(() => document.activeElement)
  const picture = pictures[shown]
  if (!picture) return null
  const several = pictures.length > 1
  const step = (by: 1 | -1) => onShow((shown + by + pictures.length) % pictures.length)
  const press = (event: KeyboardEvent) => {
    if (several && event.key === 'ArrowLeft') step(-1)
    if (several && event.key === 'ArrowRight') step(1)
  }
  return (
    <Dialog.Root open onOpenChange={open => open || onClose()}>
      <Dialog.Portal>
        <Dialog.Content
          ref={panel}
          aria-describedby={undefined}
          onOpenAutoFocus={event => {
            // On a button it would open a tooltip, and the first Escape would close only that.
            event.preventDefault()
            panel.current?.focus()
          }}
          onCloseAutoFocus={event => {
            event.preventDefault()
            if (opener instanceof HTMLElement) opener.focus()
          }}
          onKeyDown={press}
          className="appear fixed inset-0 z-40 flex flex-col bg-paper outline-none"
        >
          <div className="flex h-(--header) flex-none items-center gap-2 border-b border-line pr-3 pl-5">
            <Dialog.Title dir="auto" className="min-w-0 flex-1 truncate text-row font-bold">
              {pictureName(picture, t('pictures.untitled'))}
            </Dialog.Title>
            {several ? (
              <>
                <IconButton icon={ChevronLeftIcon} label={t('pictures.previous')} onClick={() => step(-1)} />
                <span className="text-small tabular-nums text-faint">
                  {shown + 1} / {pictures.length}
                </span>
                <IconButton icon={ChevronRightIcon} label={t('pictures.next')} onClick={() => step(1)} />
              </>
            ) : null}
            <Dialog.Close asChild>
              <IconButton icon={XIcon} label={t('app.close')} />
            </Dialog.Close>
          </div>
          <div className="grid min-h-0 flex-1 place-items-center p-6">
            <Picture
              key={shown}
              picture={picture}
              className="h-auto max-h-[calc(100vh-var(--header)-3rem)] w-auto max-w-full rounded-small object-contain"
            />
          </div>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  )
}
