import { ChevronLeftIcon, ChevronRightIcon } from 'lucide-react'
import type { KeyboardEvent } from 'react'
import { useTranslation } from 'react-i18next'
import type { Attachment } from '../../../preload/contract.ts'
import { FullWindow } from '../../ui/full-window.tsx'
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
  const picture = pictures[shown]
  if (!picture) return null
  const several = pictures.length > 1
  const step = (by: 1 | -1) => onShow((shown + by + pictures.length) % pictures.length)
  const press = (event: KeyboardEvent) => {
    if (several && event.key === 'ArrowLeft') step(-1)
    if (several && event.key === 'ArrowRight') step(1)
  }
  const tools = several ? (
    <>
      <IconButton icon={ChevronLeftIcon} label={t('pictures.previous')} onClick={() => step(-1)} />
      <span className="text-small tabular-nums text-faint">
        {shown + 1} / {pictures.length}
      </span>
      <IconButton icon={ChevronRightIcon} label={t('pictures.next')} onClick={() => step(1)} />
    </>
  ) : null
  return (
    <FullWindow title={pictureName(picture, t('pictures.untitled'))} tools={tools} onKeyDown={press} onClose={onClose}>
      <div className="grid min-h-0 flex-1 place-items-center p-6">
        <Picture
          key={shown}
          picture={picture}
          className="h-auto max-h-[calc(100vh-var(--header)-3rem)] w-auto max-w-full rounded-small object-contain shadow-[0_0_0_1px_var(--line)]"
        />
      </div>
    </FullWindow>
  )
}
