import {
  columnFilteringFeature,
  createColumnHelper,
  createFilteredRowModel,
  createSortedRowModel,
  globalFilteringFeature,
  rowSortingFeature,
  tableFeatures,
  useTable,
} from '@tanstack/react-table'
import { ArrowDownIcon, ArrowUpIcon, DownloadIcon } from 'lucide-react'
import { type CSSProperties, useMemo, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { type CustomItemComponentProps, Virtualizer } from 'virtua'
import { columnsOf, plainText, valueAt } from '../../../../forms/columns.ts'
import type { Field } from '../../../../forms/field.ts'
import type { Form, FormRow } from '../../../../preload/contract.ts'
import { Button } from '../../../ui/button.tsx'
import { Item, Menu } from '../../../ui/menu.tsx'
import { SearchBox } from '../../../ui/search-box.tsx'
import { exportRows } from '../../transfer/transfer-store.ts'
import { formats } from './export-formats.ts'
import { byValue, holds, wanted } from './order.ts'
import { useSourceName } from './source-name.ts'
import { StateMark } from './state-mark.tsx'

const features = tableFeatures({
  columnFilteringFeature,
  globalFilteringFeature,
  rowSortingFeature,
  filteredRowModel: createFilteredRowModel(),
  sortedRowModel: createSortedRowModel(),
})
const helper = createColumnHelper<typeof features, FormRow>()

const filterRows = Object.assign(
  (row: { getValue: (columnId: string) => unknown }, columnId: string, words: string) =>
    holds(String(row.getValue(columnId) ?? ''), words),
  { resolveFilterValue: wanted },
)

interface Props {
  form: Form
  fields: readonly Field[]
  rows: readonly FormRow[]
  openId: string | null
  onOpen: (rowId: string) => void
}

/** The rows as a table: sorted by a click on a column, filtered by words; a click on a row opens it. */
export function ResultsTable({ form, fields, rows, openId, onOpen }: Props) {
  const { t } = useTranslation()
  const nameOf = useSourceName()
  const scroller = useRef<HTMLDivElement>(null)
  const columns = useMemo(() => {
    const words = { yes: t('forms.yes'), no: t('forms.no') }
    const source = helper.accessor(nameOf, {
      id: 'source',
      header: t('forms.source'),
      sortUndefined: false,
      sortFn: byValue(nameOf),
    })
    const values = columnsOf(fields).map(({ keys, name, shape }, index) =>
      helper.accessor(row => plainText(valueAt(row.answer, keys), shape, words), {
        id: `field ${index}`,
        header: name,
        // The order has a place for what is missing; the library would look for it at every comparison.
        sortUndefined: false,
        // By the values, not by their words: 9 comes before 10.
        sortFn: byValue(row => valueAt(row.answer, keys)),
      }),
    )
    return helper.columns([source, ...values])
  }, [fields, nameOf, t])
  const numbers = new Set(
    columnsOf(fields).flatMap(({ shape }, index) => (shape.kind === 'number' ? [`field ${index}`] : [])),
  )
  // Anew with the columns, too: the table keeps what it has read of a row, in another language or for another field.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the columns are what it is made anew for
  const data = useMemo(() => [...rows], [rows, columns])
  const table = useTable({
    features,
    columns,
    data,
    getRowId: row => row.id,
    globalFilterFn: filterRows,
    getColumnCanGlobalFilter: () => true,
  })
  const shown = table.getRowModel().rows
  const filter = String(table.state.globalFilter ?? '')
  return (
    <section
      aria-label={t('forms.results')}
      // Where there is no room for both, the open row stands alone.
      className={`flex min-w-0 flex-1 flex-col ${openId === null ? '' : 'max-wide:hidden'}`}
    >
      <div className="flex flex-none flex-wrap items-center gap-2 px-5 py-3">
        <SearchBox
          label={t('forms.filter')}
          value={filter}
          onChange={table.setGlobalFilter}
          className="h-8 w-56 py-0"
        />
        <span role="status" className="flex-1 text-small text-faint tabular-nums">
          {filter ? t('forms.shownOf', { shown: shown.length, total: rows.length }) : ''}
        </span>
        <Menu
          trigger={
            <Button>
              <DownloadIcon aria-hidden />
              {t('transfer.export')}
            </Button>
          }
        >
          {formats.map(({ format, name }) => (
            <Item key={format} icon={DownloadIcon} onSelect={() => exportRows({ formId: form.id, format })}>
              {t(name)}
            </Item>
          ))}
        </Menu>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the arrow keys scroll it */}
      <div ref={scroller} tabIndex={0} className="min-h-0 flex-1 overflow-auto px-5 pb-6">
        <table
          aria-label={t('forms.results')}
          aria-rowcount={shown.length + 1}
          data-beside={openId !== null || undefined}
          className="results"
          style={columnCount(columns.length - 1)}
        >
          <thead>
            {table.getHeaderGroups().map(group => (
              <tr key={group.id} aria-rowindex={1}>
                {group.headers.map(header => {
                  const sorted = header.column.getIsSorted()
                  return (
                    <th
                      key={header.id}
                      scope="col"
                      aria-sort={sorted === 'asc' ? 'ascending' : sorted === 'desc' ? 'descending' : 'none'}
                    >
                      <button
                        type="button"
                        onClick={header.column.getToggleSortingHandler()}
                        className={numbers.has(header.column.id) ? 'justify-end' : ''}
                      >
                        <span className="truncate">{String(header.column.columnDef.header)}</span>
                        {sorted === 'asc' ? <ArrowUpIcon aria-hidden /> : null}
                        {sorted === 'desc' ? <ArrowDownIcon aria-hidden /> : null}
                      </button>
                    </th>
                  )
                })}
              </tr>
            ))}
          </thead>
          {/* Made when they come into sight: of ten thousand, most never do. */}
          <Virtualizer as="tbody" item={TableRow} scrollRef={scroller} startMargin={40} data={shown}>
            {row => (
              <Cells key={row.id} row={row.original} open={row.id === openId} onOpen={onOpen}>
                {row.getAllCells().map(cell => ({
                  id: cell.id,
                  text: String(cell.getValue() ?? ''),
                  numeric: numbers.has(cell.column.id),
                }))}
              </Cells>
            )}
          </Virtualizer>
        </table>
      </div>
    </section>
  )
}

/** Of the few that are in the page, the place among all. */
function TableRow({ index, ...rest }: CustomItemComponentProps) {
  return <tr aria-rowindex={index + 2} {...rest} />
}

const columnCount = (count: number) => ({ '--columns': Math.max(1, count) }) as CSSProperties

interface CellsProps {
  row: FormRow
  open: boolean
  onOpen: (rowId: string) => void
  children: readonly { readonly id: string; readonly text: string; readonly numeric: boolean }[]
}

function Cells({ row, open, onOpen, children: [source, ...values] }: CellsProps) {
  return (
    <>
      <td>
        <button
          type="button"
          aria-expanded={open}
          onClick={() => onOpen(row.id)}
          className="flex w-full min-w-0 items-center gap-2 text-left"
        >
          <StateMark row={row} />
          <span dir="auto" className="truncate">
            {source?.text}
          </span>
        </button>
      </td>
      {values.map(({ id, text, numeric }) => (
        // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are the button's
        <td
          key={id}
          dir="auto"
          // Not at the end of a press that has marked some of it.
          onClick={() => getSelection()?.isCollapsed !== false && onOpen(row.id)}
          className={numeric ? 'text-right tabular-nums' : ''}
        >
          {text}
        </td>
      ))}
    </>
  )
}
