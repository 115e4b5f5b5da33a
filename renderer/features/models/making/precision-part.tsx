import { RadioGroup } from 'radix-ui'
import { useTranslation } from 'react-i18next'
import { fileSize, number } from '../../../i18n/format.ts'
import { changeDraft, useDraft } from './draft-store.ts'
import { Part } from './part.tsx'
import { type PrecisionChoice, precisionChoices, reducible } from './precisions.ts'

/** What stands for the weights as they are; a radio needs a value. */
const asIs = 'as-is'

/** How large the model becomes, and what that costs. */
export function PrecisionPart() {
  const { t } = useTranslation()
  const { draft, facts } = useDraft()
  const weights = draft.base?.kind === 'files' ? draft.base.files : facts
  return (
    <Part title={t('making.precision')} hint={t('making.precisionHint')}>
      {weights ? null : <p className="pt-2 text-row text-soft">{t('making.precisionNoBase')}</p>}
      {weights && !reducible(weights) ? (
        <p className="pt-2 text-row text-soft">{t('making.precisionFixed', { precision: weights.precision })}</p>
      ) : null}
      {weights && reducible(weights) ? (
        <RadioGroup.Root
          aria-label={t('making.precision')}
          value={draft.quantize ?? asIs}
          onValueChange={value => changeDraft({ quantize: value === asIs ? null : value })}
          className="grid gap-2 pt-3"
        >
          {precisionChoices(weights).map(choice => (
            <Choice key={choice.name} choice={choice} />
          ))}
        </RadioGroup.Root>
      ) : null}
    </Part>
  )
}

function Choice({ choice: { type, name, quality, bytes, speed } }: { choice: PrecisionChoice }) {
  const { t, i18n } = useTranslation()
  const known = bytes === null ? '' : fileSize(bytes, i18n.language)
  const size = known && type ? t('making.aboutSize', { size: known }) : known
  const times = speed === null ? '' : t('making.speed', { times: number(speed, i18n.language, 1) })
  return (
    <RadioGroup.Item
      value={type ?? asIs}
      className="group flex items-start gap-3 rounded-box border border-line bg-raised px-4 py-3 text-left transition-colors hover:border-line-strong data-[state=checked]:border-ember"
    >
      <span
        aria-hidden
        className="mt-1 grid size-4 flex-none place-items-center rounded-pill border border-faint group-data-[state=checked]:border-ember"
      >
        <RadioGroup.Indicator className="size-2 rounded-pill bg-ember" />
      </span>
      <span className="min-w-0 flex-1">
        <span className="flex flex-wrap justify-between gap-x-4">
          <span className="font-medium">{t(name)}</span>
          <span className="text-small text-soft tabular-nums">{[size, times].filter(Boolean).join(' · ')}</span>
        </span>
        <span className="block text-small leading-normal text-soft">
          {t(quality)} {type ? <span className="text-tiny text-faint">{type}</span> : null}
        </span>
      </span>
    </RadioGroup.Item>
  )
}
