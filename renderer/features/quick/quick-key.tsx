import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Settings, StreamEvent } from '../../../preload/contract.ts'
import { settingsSchema } from '../../../preload/contract-app.ts'
import { shortcutLabel } from '../../state/action.ts'
import { useAppInfo } from '../../state/app-info.ts'
import { subscribe } from '../../state/bridge.ts'
import { attempt } from '../../state/perform.ts'
import { changeSettings, useSettings } from '../../state/settings.ts'
import { Row } from '../../ui/page.tsx'
import { Select } from '../../ui/select.tsx'

const keys = settingsSchema.shape.quickKey.options

/** There it hides the windows of all other programs. */
const takenOnMac = 'Mod+Alt+H'

/** The key that opens the quick window over any program, and what the system says to it. */
export function QuickKey() {
  const { t } = useTranslation()
  const { platform } = useAppInfo()
  const chosen = useSettings(({ quickKey }) => quickKey)
  const [told, setTold] = useState<StreamEvent<'quick.watch'> | null>(null)
  useEffect(() => subscribe('quick.watch', {}, setTold), [])
  return (
    <>
      <Row name={t('quick.key')} hint={t('quick.keyHint')}>
        <Select
          aria-label={t('quick.key')}
          className="w-48"
          value={chosen}
          onChange={event => attempt(() => changeSettings({ quickKey: event.target.value as Settings['quickKey'] }))}
        >
          {keys
            .filter(key => platform !== 'darwin' || key !== takenOnMac || key === chosen)
            .map(key => (
              <option key={key} value={key}>
                {key === 'off' ? t('quick.off') : shortcutLabel(key, platform)}
              </option>
            ))}
        </Select>
      </Row>
      {told?.state === 'refused' || told?.state === 'wayland' ? (
        <p role="status" className="py-3 text-small leading-normal text-soft">
          {t(`quick.${told.state}`)}
        </p>
      ) : null}
    </>
  )
}
