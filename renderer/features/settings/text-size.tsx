import { useTranslation } from 'react-i18next'
import { textSizes } from '../../../preload/contract-app.ts'
import { percent } from '../../i18n/format.ts'
import { useAppInfo } from '../../state/app-info.ts'
import { attempt } from '../../state/perform.ts'
import { changeSettings, useSettings } from '../../state/settings.ts'
import { Row } from '../../ui/page.tsx'
import { Select } from '../../ui/select.tsx'

/** How large everything is drawn, in all windows. */
export function TextSize() {
  const { t, i18n } = useTranslation()
  const size = useSettings(({ textSize }) => textSize)
  const key = useAppInfo(({ platform }) => (platform === 'darwin' ? '⌘' : 'Ctrl'))
  const name = t('settings.textSize')
  // What was written into settings.json by hand is shown, too.
  const sizes = [...new Set([...textSizes, size])].sort((a, b) => a - b)
  return (
    <Row name={name} hint={t('settings.textSizeHint', { key })}>
      <Select
        aria-label={name}
        value={size}
        onChange={event => attempt(() => changeSettings({ textSize: Number(event.target.value) }))}
      >
        {sizes.map(each => (
          <option key={each} value={each}>
            {percent(each / 100, i18n.language)}
          </option>
        ))}
      </Select>
    </Row>
  )
}
