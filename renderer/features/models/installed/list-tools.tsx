import { useTranslation } from 'react-i18next'
import { SearchBox } from '../../../ui/search-box.tsx'
import { Select } from '../../../ui/select.tsx'
import { type Order, orders } from './listing.ts'

/** From that many models on the list is filtered and sorted; fewer are seen at a glance. */
export const enough = 8

const storageKey = 'hearth.models.order'

/** The order the person chose last. */
export const rememberedOrder = (): Order =>
  orders.find(order => order === localStorage.getItem(storageKey)) ?? orders[0]

interface Props {
  words: string
  onWords: (words: string) => void
  order: Order
  onOrder: (order: Order) => void
}

/** Above a long list of models: words to find some of them by, and the order they stand in. */
export function ListTools({ words, onWords, order, onOrder }: Props) {
  const { t } = useTranslation()
  return (
    <div className="flex flex-wrap gap-2 pt-3">
      <SearchBox label={t('manage.filter')} value={words} onChange={onWords} className="h-9 min-w-48 flex-1" />
      <Select
        aria-label={t('manage.order')}
        value={order}
        onChange={event => {
          localStorage.setItem(storageKey, event.target.value)
          onOrder(event.target.value as Order)
        }}
        className="w-52 flex-none"
      >
        {orders.map(name => (
          <option key={name} value={name}>
            {t(`manage.order_${name}`)}
          </option>
        ))}
      </Select>
    </div>
  )
}
