import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Attachment } from '../../../preload/contract.ts'
import { Picture, pictureName } from './picture.tsx'
import { PictureViewer } from './picture-viewer.tsx'

/** The pictures of a question that was sent; each is shown large on a click. */
export function QuestionPictures({ pictures }: { pictures: readonly Attachment[] }) {
  const { t } = useTranslation()
  const [shown, setShown] = useState<number | null>(null)
  const alone = pictures.length === 1
  return (
    <>
      <ul className="mb-1.5 flex max-w-[80%] flex-wrap justify-end gap-1.5">
        {pictures.map((picture, index) => (
          <li key={picture.hash} className="flex">
            <button
              type="button"
              aria-label={t('pictures.show', { name: pictureName(picture, t('pictures.untitled')) })}
              onClick={() => setShown(index)}
              className={`cursor-zoom-in overflow-hidden rounded-box border border-line transition-colors hover:border-line-strong ${alone ? '' : 'size-28'}`}
            >
              <Picture
                picture={picture}
                className={alone ? 'h-auto max-h-72 w-auto max-w-full object-contain' : 'size-full object-cover'}
              />
            </button>
          </li>
        ))}
      </ul>
      {shown === null ? null : (
        <PictureViewer pictures={pictures} shown={shown} onShow={setShown} onClose={() => setShown(null)} />
      )}
    </>
  )
}
