import { CheckIcon, CopyIcon } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { showToast } from '../state/toasts.ts'
import { copyText } from './clipboard.ts'
import { IconButton } from './icon-button.tsx'

/**
 * Copies a text and says so for a moment.
 * @param word stands beside the icon, which then needs no tooltip
 */
export function CopyButton({ text, label, word }: { text: string; label: string; word?: string }) {
  const { t } = useTranslation()
  const [copied, setCopied] = useState(false)
  useEffect(() => {
    if (!copied) return
    const timer = setTimeout(() => setCopied(false), 1500)
    return () => clearTimeout(timer)
  }, [copied])
  const copy = () =>
    copyText(text).then(
      () => setCopied(true),
      () => showToast({ text: 'app.copyFailed' }),
    )
  const Icon = copied ? CheckIcon : CopyIcon
  return (
    <>
      {word === undefined ? (
        <IconButton icon={Icon} label={label} onClick={() => void copy()} className="size-7 [&_svg]:size-3.5" />
      ) : (
        <button
          type="button"
          aria-label={label}
          onClick={() => void copy()}
          className="flex h-7 items-center gap-1.5 rounded-small px-1.5 transition-colors hover:bg-hover hover:text-ink"
        >
          <Icon aria-hidden className="size-3.5" />
          {copied ? t('app.copied') : word}
        </button>
      )}
      <span role="status" className="sr-only">
        {copied ? t('app.copied') : ''}
      </span>
    </>
  )
}
