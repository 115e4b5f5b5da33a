import { ArrowDownIcon } from 'lucide-react'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { yearAndMonth } from '../../../i18n/format.ts'
import { attempt } from '../../../state/perform.ts'
import { Button } from '../../../ui/button.tsx'
import { Choice } from '../../../ui/choice.tsx'
import { SearchBox } from '../../../ui/search-box.tsx'
import { focusGetModel, GetModel } from '../pulls/get-model.tsx'
import { readCatalogue, useDiscover } from './discover-store.ts'
import { FamilyCard } from './family-card.tsx'
import { LinkedModel } from './linked-model.tsx'
import { matching, type Wish, wishes } from './matches.ts'

/** The catalogue: models to choose from by what one wants to do, and the field for any other. */
export function Discover() {
  const { t } = useTranslation()
  const { catalogue, failed, query, wish } = useDiscover()
  useEffect(() => attempt(readCatalogue), [])
  const anything = 'all' as const
  return (
    <>
      <LinkedModel />
      <section aria-label={t('discover.tab')} className="pt-6">
        <SearchBox
          label={t('discover.search')}
          placeholder={t('discover.searchPlaceholder')}
          value={query}
          onChange={words => useDiscover.setState({ query: words })}
          className="h-10 w-full"
        />
        <div className="py-3">
          <Choice<Wish | typeof anything>
            many
            label={t('discover.use')}
            value={wish ?? anything}
            choices={[
              { value: anything, label: t('discover.all') },
              ...wishes.map(value => ({ value, label: t(`catalogue.uses.${value}`) })),
            ]}
            onChange={value => useDiscover.setState({ wish: value === anything ? null : value })}
          />
        </div>
        {failed ? (
          <p role="alert" className="flex flex-wrap items-center gap-3 py-2 text-row text-soft">
            {t('discover.failed')}
            <Button onClick={() => attempt(readCatalogue)}>{t('models.retry')}</Button>
          </p>
        ) : null}
        {catalogue ? <Found /> : null}
      </section>
      <GetModel />
      {catalogue ? <AsOf asOf={catalogue.asOf} /> : null}
    </>
  )
}

function Found() {
  const { t } = useTranslation()
  const { catalogue, query, wish } = useDiscover()
  const found = matching(catalogue?.families ?? [], { query, wish }, t)
  return (
    <>
      <div className="flex flex-wrap items-center justify-between gap-x-4 pb-2">
        <p role="status" className="text-small text-soft">
          {found.length > 0 ? t('discover.found', { count: found.length }) : t('discover.none')}
        </p>
        {found.length > 0 ? (
          <Button look="quiet" className="-mr-3" onClick={focusGetModel}>
            {t('discover.byName')}
            <ArrowDownIcon aria-hidden className="size-3.5" />
          </Button>
        ) : null}
      </div>
      <ul className="grid grid-cols-1 gap-3">
        {found.map(family => (
          <FamilyCard key={family.id} family={family} wish={wish} />
        ))}
      </ul>
    </>
  )
}

function AsOf({ asOf }: { asOf: string }) {
  const { t, i18n } = useTranslation()
  return (
    <p className="pt-6 text-small text-faint">{t('discover.asOf', { month: yearAndMonth(asOf, i18n.language) })}</p>
  )
}
