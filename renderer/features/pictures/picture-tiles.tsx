import { XIcon } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Attachment } from '../../../preload/contract.ts'
import { Picture, pictureName } from './picture.tsx'

interface Props {
  pictures: readonly Attachment[]
  /** How many more are on their way. */
  preparing?: number
  onRemove: (picture: Attachment) => void
}

/** Pictures of a question that is being written, each with a button that removes it. */
export function PictureTiles({ pictures, preparing = 0, onRemove }: Props) {
  const { t } = useTranslation()
  if (pictures.length + preparing === 0) return null
  const waiting = Array.from({ length: Math.min(preparing, 10) }, (_, index) => index)
  return (
    <ul aria-label={t('pictures.attached')} className="mb-2.5 flex flex-wrap gap-2">
      {pictures.map(picture => (
        <li key={picture.hash} className="relative size-16 rounded-small border border-line">
          <span className="block size-full overflow-hidden rounded-small">
            <Picture picture={picture} className="size-full object-cover" />
          </span>
          <button
            type="button"
            aria-label={t('pictures.remove', { name: pictureName(picture, t('pictures.untitled')) })}
            onClick={() => onRemove(picture)}
            className="absolute -top-2 -right-2 grid size-6 place-items-center rounded-pill border border-line bg-raised text-soft shadow-card transition-colors hover:border-line-strong hover:text-ink"
          >
            <XIcon aria-hidden className="size-3.5" />
          </button>
        </li>
      ))}
      {waiting.map(index => (
        <li key={`waiting ${index}`} className="breathe size-16 rounded-small bg-sunk">
          <span className="sr-only">{t('pictures.preparing')}</span>
        </li>
      ))}
    </ul>
  )
}
