import { CircleCheckIcon, CircleMinusIcon, CircleXIcon } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Fit } from '../../../../preload/contract.ts'
import { gap } from '../../../i18n/format.ts'
import { glanceWords } from '../pulls/pull-words.ts'
import type { Looked } from './discover-store.ts'
import { fitSentence } from './fit-words.ts'

const marks = {
  good: { icon: CircleCheckIcon, colour: 'text-leaf' },
  middling: { icon: CircleMinusIcon, colour: 'text-amber' },
  bad: { icon: CircleXIcon, colour: 'text-rose' },
} as const

const markOf = {
  well: 'good',
  slow: 'middling',
  forgetful: 'middling',
  'too-large': 'bad',
  'disk-full': 'bad',
  unsupported: 'bad',
} as const satisfies Record<Fit['verdict'], keyof typeof marks>

interface Props {
  fit?: Fit | null
  looked: Looked | undefined
  /** Whether it answers, as most do. */
  chats?: boolean | undefined
}

/** Whether a model runs here: what was looked at where somebody looked, else what the catalogue lets expect. */
export function FitLine({ fit, looked, chats }: Props) {
  const { t, i18n } = useTranslation()
  if (looked?.state === 'looking') return <span className="text-soft">{t('discover.checking')}</span>
  const known = looked?.fit ?? fit
  if (looked?.state === 'failed') {
    return (
      <>
        {/* What was expected before still holds. */}
        {known ? <FitLine fit={known} looked={undefined} chats={chats} /> : null}
        <span className="block text-rose">{t(glanceWords(looked.problem))}</span>
      </>
    )
  }
  if (!known) return null
  const { icon: Icon, colour } = marks[markOf[known.verdict]]
  return (
    <span className="flex items-start gap-1.5">
      <Icon aria-hidden className={`mt-0.5 ${colour}`} />
      <span>
        {fitSentence(known, t, i18n.language, chats)}
        {gap(i18n.language)}
        <span className="text-tiny whitespace-nowrap text-faint">{t(known.exact ? 'fit.looked' : 'fit.guessed')}</span>
      </span>
    </span>
  )
}
