import { CheckIcon, CopyIcon } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { showToast } from '../state/toasts.ts'
import { copyText } from './clipboard.ts'
import { IconButton } from './icon-button.tsx'

/** Copies a text and says so for a moment. */
export function CopyButton({ text, label }: { text: string; label: string }) {
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
  return (
    <>
      <IconButton
        icon={copied ? CheckIcon : CopyIcon}
        label={label}
        onClick={() => void copy()}
        className="size-7 [&_svg]:size-3.5"
      />
      <span role="status" className="sr-only">
        {copied ? t('app.copied') : ''}
      </span>
    </>
  )
}
