import { ImageOffIcon } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Attachment } from '../../../preload/contract.ts'

export const pictureName = (picture: Attachment, untitled: string) => picture.name || untitled

/** A stored picture; in its place, when it was taken from the disk, that it is gone. */
export function Picture({ picture, className }: { picture: Attachment; className: string }) {
  const { t } = useTranslation()
  const [missing, setMissing] = useState(false)
  if (missing) {
    return (
      <span className="grid size-full min-h-20 min-w-20 place-content-center justify-items-center gap-1 bg-sunk p-2 text-center text-tiny text-faint">
        <ImageOffIcon aria-hidden />
        {t('pictures.missing')}
      </span>
    )
  }
  return (
    <img
      src={`/attachments/${picture.hash}`}
      alt={pictureName(picture, t('pictures.untitled'))}
      width={picture.width}
      height={picture.height}
      decoding="async"
      draggable={false}
      onError={() => setMissing(true)}
      className={className}
    />
  )
}
