import { useTranslation } from 'react-i18next'
import { gap } from '../../i18n/format.ts'
import { showModelsFor } from './discover/discover-store.ts'

const words = {
  chat: { says: 'chat.demoNote', leads: 'chat.findModel' },
  form: { says: 'forms.demo', leads: 'forms.findReader' },
} as const

/** What the demo is not good for, so that nobody is left with what it writes; and the way to other models. */
export function DemoNote({ where }: { where: keyof typeof words }) {
  const { t, i18n } = useTranslation()
  return (
    <>
      {t(words[where].says)}
      {gap(i18n.language)}
      <button
        type="button"
        onClick={() => showModelsFor('write')}
        className="rounded-small underline underline-offset-2 transition-colors hover:text-ink"
      >
        {t(words[where].leads)}
      </button>
    </>
  )
}
