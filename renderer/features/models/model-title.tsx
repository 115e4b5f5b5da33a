import { useTranslation } from 'react-i18next'
import { useAppInfo } from '../../state/app-info.ts'
import { isTrial, shortModelName, tellingModelName } from './installed-model.ts'
import { useModels } from './models-store.ts'

/** A model's name as it is shown; the demo model is always marked as one. */
export function ModelTitle({ name }: { name: string }) {
  const { t } = useTranslation()
  const demo = useAppInfo(info => info.demoModel !== '' && shortModelName(info.demoModel) === shortModelName(name))
  const shown = useModels(({ models }) =>
    tellingModelName(
      name,
      (models ?? []).map(model => model.name),
    ),
  )
  return (
    <>
      {isTrial(name) ? (
        <span className="truncate">{t('making.trialName')}</span>
      ) : (
        <span title={shortModelName(name)} className="truncate">
          {shown}
        </span>
      )}
      {demo ? (
        <span className="flex-none rounded-pill bg-ember-wash px-1.5 text-tiny text-ember-text">
          {t('models.demo')}
        </span>
      ) : null}
    </>
  )
}
