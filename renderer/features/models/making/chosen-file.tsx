import { useTranslation } from 'react-i18next'
import type { ChosenFiles } from '../../../../preload/contract.ts'
import { fileSize } from '../../../i18n/format.ts'
import { TakeAway } from './part.tsx'

/** Files the person has pointed at: what they are, and the button that takes them away. */
export function ChosenFile({ files, onRemove }: { files: ChosenFiles; onRemove: () => void }) {
  const { t, i18n } = useTranslation()
  const { name, precision, bytes } = files
  return (
    <p className="mt-3 flex items-center gap-2 rounded-small border border-line bg-raised py-1 pr-1 pl-3 text-row">
      <span dir="auto" className="min-w-0 flex-1 break-words">
        {t('making.filesFacts', { name, precision, size: fileSize(bytes, i18n.language) })}
      </span>
      <TakeAway name={name} onTake={onRemove} />
    </p>
  )
}
