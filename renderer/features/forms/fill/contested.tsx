import { createContext, useContext } from 'react'
import { useTranslation } from 'react-i18next'
import { plainText } from '../../../../forms/columns.ts'
import { fieldName } from '../../../../forms/field.ts'
import { Button } from '../../../ui/button.tsx'
import { drawnKey } from './drawn-keys.ts'
import type { Correction } from './use-correction.ts'

/** Fields that were changed here and elsewhere at the same time, for the notes that stand at them. */
export const ContestedFields = createContext<Pick<Correction, 'contested' | 'decide'> | null>(null)

/** At a field that is contested: what it is by now, and which of both is to stand. @param path of the field, as drawn */
export function ContestedNote({ path }: { path: readonly (string | number)[] }) {
  const { t } = useTranslation()
  const { contested, decide } = useContext(ContestedFields) ?? {}
  const found = path.length === 1 ? contested?.find(({ field }) => drawnKey(field.key) === path[0]) : undefined
  if (!found || !decide) return null
  const { field, theirs } = found
  const text = plainText(theirs, field.shape, { yes: t('forms.yes'), no: t('forms.no') })
  const isEmpty = text === ''
  return (
    <div role="alert" data-contested={field.key} className="rounded-box border border-line bg-raised p-3 text-small">
      <p dir="auto" className="break-words text-amber">
        {t(isEmpty ? 'forms.emptiedMeanwhile' : 'forms.changedMeanwhile', { name: fieldName(field) })}
      </p>
      {isEmpty ? null : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the arrow keys scroll it
        <p tabIndex={0} dir="auto" className="mt-1 max-h-40 overflow-y-auto break-words whitespace-pre-wrap">
          {text}
        </p>
      )}
      <div className="flex flex-wrap gap-2 pt-2.5">
        <Button onClick={() => decide(field, 'mine')}>{t('forms.keepMine')}</Button>
        <Button onClick={() => decide(field, 'theirs')}>{t(isEmpty ? 'forms.leaveEmpty' : 'forms.takeTheirs')}</Button>
      </div>
    </div>
  )
}

/** Above a form: which of its fields are contested, each leading there, as the form may be longer than the window. */
export function ContestedHead({ contested }: Pick<Correction, 'contested'>) {
  const { t } = useTranslation()
  if (contested.length === 0) return null
  return (
    <p role="status" className="flex flex-wrap items-center gap-x-1 pb-3 text-small text-amber">
      {t('forms.contested')}
      {contested.map(({ field }) => (
        <button
          key={field.key}
          type="button"
          onClick={event => toNote(event.currentTarget, field.key)}
          className="max-w-full truncate rounded-small px-1.5 py-0.5 underline underline-offset-2 transition-colors hover:bg-hover"
        >
          <bdi>{fieldName(field)}</bdi>
        </button>
      ))}
    </p>
  )
}

/** Brings the note at a field of the same form into sight, with the focus at its choice. */
function toNote(from: HTMLElement, key: string): void {
  const note = from.closest('p')?.parentElement?.querySelector<HTMLElement>(`[data-contested="${CSS.escape(key)}"]`)
  note?.scrollIntoView({ block: 'center' })
  note?.querySelector('button')?.focus({ preventScroll: true })
}
