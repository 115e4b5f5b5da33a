import { type KeyboardEvent, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { Conversation } from '../../../preload/contract.ts'
import { attempt } from '../../state/perform.ts'
import { endRename, rename } from './history-store.ts'

interface Props {
  conversation: Conversation
  /** Gives the focus back when a key has ended the writing. */
  onKeyEnd: () => void
  className?: string
}

/** A title being written in its place. Enter keeps it, leaving the field too; Escape leaves it as it was. */
export function TitleField({ conversation, onKeyEnd, className = '' }: Props) {
  const { t } = useTranslation()
  const done = useRef(false)
  const finish = (keep: boolean, title: string) => {
    if (done.current) return
    done.current = true
    if (keep) attempt(() => rename(conversation, title))
    else endRename()
  }
  const press = (event: KeyboardEvent<HTMLInputElement>) => {
    event.stopPropagation()
    const enter = event.key === 'Enter' && !event.nativeEvent.isComposing
    if (event.key !== 'Escape' && !enter) return
    event.preventDefault()
    finish(enter, event.currentTarget.value)
    // What takes the field's place is there after the next drawing.
    requestAnimationFrame(onKeyEnd)
  }
  return (
    <input
      // biome-ignore lint/a11y/noAutofocus: the person has just asked to write here
      autoFocus
      defaultValue={conversation.title}
      maxLength={200}
      aria-label={t('history.titleField')}
      onFocus={event => event.currentTarget.select()}
      onBlur={event => finish(true, event.currentTarget.value)}
      onKeyDown={press}
      className={`min-w-0 rounded-small border border-line-strong bg-raised px-2 outline-none ${className}`}
    />
  )
}
