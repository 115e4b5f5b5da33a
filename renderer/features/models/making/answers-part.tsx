import { useTranslation } from 'react-i18next'
import { ParameterRow } from '../../tuning/parameter-row.tsx'
import { everydayParameters, furtherParameters, type Parameter } from '../../tuning/parameters.ts'
import { changeParameter, useDraft } from './draft-store.ts'
import { Part, TakeAway } from './part.tsx'

const known = new Set<string>([...everydayParameters, ...furtherParameters].map(({ name }) => name))

/** How the model answers, in the words a chat's own settings have. */
export function AnswersPart() {
  const { t } = useTranslation()
  return (
    <Part title={t('making.answers')}>
      <div className="max-w-[30rem]">
        <Rows parameters={everydayParameters} />
        <details className="pt-6">
          <summary className="cursor-pointer text-row text-soft hover:text-ink">{t('tuning.further')}</summary>
          <Rows parameters={furtherParameters} />
        </details>
      </div>
      <Others />
    </Part>
  )
}

function Rows({ parameters }: { parameters: readonly Parameter[] }) {
  const set = useDraft(({ draft }) => draft.parameters)
  return parameters.map(parameter => {
    const value = set[parameter.name]
    return (
      <ParameterRow
        key={parameter.name}
        parameter={parameter}
        value={typeof value === 'number' ? value : undefined}
        onChange={next => changeParameter(parameter.name, next)}
      />
    )
  })
}

/** What a Modelfile set that has no row of its own: shown as it is written, and taken away at will. */
function Others() {
  const { t } = useTranslation()
  const set = useDraft(({ draft }) => draft.parameters)
  const others = Object.entries(set).filter(([name]) => !known.has(name))
  if (others.length === 0) return null
  return (
    <>
      <h3 className="pt-6 text-row">{t('making.alsoSet')}</h3>
      <ul className="divide-y divide-line">
        {others.map(([name, value]) => (
          <li key={name} className="flex items-center gap-2 text-small">
            <code dir="auto" className="min-w-0 flex-1 font-mono break-words">
              {name} {JSON.stringify(value)}
            </code>
            <TakeAway name={name} onTake={() => changeParameter(name, undefined)} />
          </li>
        ))}
      </ul>
    </>
  )
}
