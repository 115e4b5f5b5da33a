import { useTranslation } from 'react-i18next'
import type { Family } from '../../../../preload/contract.ts'
import { bestSize, type Wish } from './matches.ts'
import { SizeRow } from './size-row.tsx'

/**
 * A family of the catalogue: what it is for, under which licence, and its downloads, the one for this computer first.
 */
export function FamilyCard({ family, wish }: { family: Family; wish: Wish | null }) {
  const { t } = useTranslation()
  const { id, name, maker, abilities, languages, licence, sizes } = family
  const best = bestSize(family, wish)
  const others = sizes.filter(size => size !== best)
  const chats = !abilities.includes('embedding')
  return (
    <li aria-label={name} className="rounded-box border border-line bg-raised px-5 pt-4 pb-2">
      <h3 className="flex flex-wrap items-baseline gap-x-2 font-bold">
        {name}
        <span className="text-small font-normal text-faint">{t('discover.by', { maker })}</span>
      </h3>
      <p className="text-row leading-normal">{t(`catalogue.families.${id}` as 'catalogue.families.qwen3')}</p>
      <ul className="flex flex-wrap gap-1.5 pt-2 text-tiny text-soft">
        {[t(`catalogue.languages.${languages}`), ...abilities.map(ability => t(`manage.${ability}`))].map(fact => (
          <li key={fact} className="rounded-small border border-line px-2 py-px">
            {fact}
          </li>
        ))}
      </ul>
      <p className="pt-2 text-small leading-normal text-soft">{t(`catalogue.licences.${licence}`)}</p>
      <ul className="mt-3 border-t border-line pt-0.5">{best ? <SizeRow size={best} chats={chats} /> : null}</ul>
      {others.length > 0 ? (
        <details>
          <summary className="cursor-pointer py-2 text-small text-soft transition-colors hover:text-ink">
            {t('discover.otherSizes', { count: others.length })}
          </summary>
          <ul className="divide-y divide-line pl-4">
            {others.map(size => (
              <SizeRow key={size.model} size={size} chats={chats} />
            ))}
          </ul>
        </details>
      ) : null}
    </li>
  )
}
