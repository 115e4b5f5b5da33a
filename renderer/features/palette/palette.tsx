import { Dialog as Radix } from 'radix-ui'
import { Fragment, type KeyboardEvent, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Action } from '../../state/action.ts'
import { useAppInfo } from '../../state/app-info.ts'
import { useConversations } from '../../state/conversations.ts'
import { isComposing } from '../../ui/composing.ts'
import { dialogEscape } from '../../ui/dialog-escape.ts'
import { useDialogFocus } from '../../ui/dialog-focus.ts'
import { useForms } from '../forms/forms-store.ts'
import { chatting } from '../models/installed-model.ts'
import { useModels } from '../models/models-store.ts'
import { type Entry, entriesFor } from './entries.ts'
import { closePalette, paletteAction, usePalette } from './palette-store.ts'

/** One field for everything that can be done or opened. */
export function Palette({ actions }: { actions: readonly Action[] }) {
  const open = usePalette(state => state.open)
  return open ? <OpenPalette actions={actions} /> : null
}

function OpenPalette({ actions }: { actions: readonly Action[] }) {
  const { t } = useTranslation()
  const [query, setQuery] = useState('')
  const [index, setIndex] = useState(0)
  const conversations = useConversations(state => state.conversations)
  const forms = useForms(state => state.forms)
  const models = useModels(state => state.models)
  const platform = useAppInfo(info => info.platform)
  const names = chatting(models ?? []).map(({ name }) => name)
  const others = actions.filter(action => action !== paletteAction)
  const entries = entriesFor(query, {
    actions: others,
    conversations: conversations ?? [],
    forms: forms ?? [],
    models: names,
    platform,
  })
  const current = entries[Math.min(index, entries.length - 1)]
  const chosen = useRef<Entry>(undefined)
  // What was chosen has put the focus where it belongs.
  const focus = useDialogFocus({ first: 'input', returnTo: opener => (chosen.current ? null : opener) })
  const choose = (entry: Entry | undefined) => {
    chosen.current = entry
    if (entry) closePalette()
  }
  useEffect(() => () => chosen.current?.choose(), [])
  const press = (event: KeyboardEvent) => {
    if (isComposing(event)) return
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step !== undefined) setIndex((Math.min(index, entries.length - 1) + step + entries.length) % entries.length)
    else if (event.key === 'Enter') choose(current)
    else return
    event.preventDefault()
  }
  return (
    <Radix.Root open onOpenChange={closePalette}>
      <Radix.Portal>
        <div aria-hidden className="fixed inset-0 z-20 bg-veil" />
        <Radix.Content
          {...focus}
          {...dialogEscape(closePalette)}
          aria-describedby={undefined}
          className="fixed inset-x-0 top-[12vh] z-20 mx-auto flex max-h-[70vh] w-[calc(100%-3rem)] max-w-[36rem] flex-col overflow-hidden rounded-large border border-line bg-raised shadow-float outline-none"
        >
          <Radix.Title className="sr-only">{t('palette.title')}</Radix.Title>
          <input
            role="combobox"
            aria-expanded="true"
            aria-controls="palette-entries"
            aria-activedescendant={current?.id}
            aria-label={t('palette.placeholder')}
            placeholder={t('palette.placeholder')}
            spellCheck={false}
            autoComplete="off"
            maxLength={200}
            value={query}
            onChange={event => {
              setQuery(event.target.value)
              setIndex(0)
            }}
            onKeyDown={press}
            className="h-12 flex-none border-b border-ember bg-transparent px-5 outline-none"
          />
          <div
            id="palette-entries"
            role="listbox"
            aria-label={t('palette.title')}
            className="fades min-h-0 flex-1 overflow-y-auto p-1.5 pb-5 empty:pb-0"
          >
            {entries.map(entry => (
              <Fragment key={entry.id}>
                {entry.begins ? <div aria-hidden className="mx-3.5 my-1.5 border-t border-line" /> : null}
                <EntryRow
                  entry={entry}
                  current={entry === current}
                  onPoint={() => setIndex(entries.indexOf(entry))}
                  onChoose={() => choose(entry)}
                />
              </Fragment>
            ))}
          </div>
          {entries.length === 0 ? <p className="px-5 pb-4 text-small text-soft">{t('palette.nothing')}</p> : null}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}

interface EntryProps {
  entry: Entry
  current: boolean
  /** The pointer has moved onto it. */
  onPoint: () => void
  onChoose: () => void
}

function EntryRow({ entry, current, onPoint, onChoose }: EntryProps) {
  const row = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (current) row.current?.scrollIntoView({ block: 'nearest' })
  }, [current])
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are the field's
    // biome-ignore lint/a11y/useFocusableInteractive: the focus stays in the field
    <div
      ref={row}
      id={entry.id}
      role="option"
      aria-selected={current}
      onPointerMove={current ? undefined : onPoint}
      onClick={onChoose}
      className={`flex h-9 items-center gap-2.5 rounded-small px-3.5 text-row ${current ? 'bg-hover text-ink' : 'text-soft'}`}
    >
      <entry.icon aria-hidden className="text-faint" />
      <span dir="auto" className="min-w-0 flex-1 truncate">
        {entry.name}
      </span>
      {entry.shortcut ? <kbd className="font-sans text-tiny text-soft">{entry.shortcut}</kbd> : null}
    </div>
  )
}
