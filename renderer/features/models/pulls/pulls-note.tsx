import { useTranslation } from 'react-i18next'
import { percent } from '../../../i18n/format.ts'
import { usePulls } from './pulls-store.ts'

/** How far the models on their way are, all together, beside the way to them; nothing while none comes. */
export function PullsNote() {
  const { i18n } = useTranslation()
  const share = usePulls(({ pulls }) => {
    const coming = pulls.filter(({ state }) => state === 'running' || state === 'waiting')
    const total = coming.reduce((sum, pull) => sum + pull.total, 0)
    if (coming.length === 0) return null
    return total === 0 ? 0 : coming.reduce((sum, pull) => sum + pull.completed, 0) / total
  })
  return share === null ? null : percent(share, i18n.language)
}
