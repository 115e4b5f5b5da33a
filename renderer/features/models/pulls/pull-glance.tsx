import { useTranslation } from 'react-i18next'
import type { Pull } from '../../../../preload/contract.ts'
import { percent } from '../../../i18n/format.ts'
import { attempt } from '../../../state/perform.ts'
import { Button } from '../../../ui/button.tsx'
import { shortModelName } from '../installed-model.ts'
import { glanceWords } from './pull-words.ts'
import { resumePull } from './pulls-store.ts'

/** How a pull stands, in a few words, where its own row may be out of sight; and the button that makes it go on. */
export function PullGlance({ pull }: { pull: Pull }) {
  const { t, i18n } = useTranslation()
  const { model, state, problem, completed, total } = pull
  const values = { percent: percent(total > 0 ? completed / total : 0, i18n.language) }
  if (state !== 'failed' && state !== 'paused') return t('discover.coming', values)
  const again = t(state === 'failed' ? 'problems.tryAgain' : 'manage.resume')
  return (
    <span className="inline-flex flex-wrap items-center gap-x-3 gap-y-1">
      {problem ? <span className="text-rose">{t(glanceWords(problem))}</span> : t('discover.paused', values)}
      <Button
        aria-label={t('discover.again', { action: again, model: shortModelName(model) })}
        onClick={() => attempt(() => resumePull(pull))}
      >
        {again}
      </Button>
    </span>
  )
}
