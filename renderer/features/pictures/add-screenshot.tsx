import { MonitorIcon } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { IconButton } from '../../ui/icon-button.tsx'

/** Takes a picture of the screen; the window goes out of sight for a moment. */
export function AddScreenshot({ onClick }: { onClick: (name: string) => void }) {
  const { t } = useTranslation()
  const name = `${t('pictures.screenshotName')}.png`
  return <IconButton icon={MonitorIcon} label={t('pictures.screenshot')} side="top" onClick={() => onClick(name)} />
}
