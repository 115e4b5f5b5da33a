import { BoxIcon, ClipboardListIcon, type LucideIcon, MessageSquareIcon } from 'lucide-react'
import type { Conversation, Form } from '../../../preload/contract.ts'
import { textWith } from '../../i18n/i18n.ts'
import { type Action, shortcutLabel } from '../../state/action.ts'
import { perform } from '../../state/perform.ts'
import { go } from '../../state/place.ts'
import { chatWith } from '../models/chat-with.ts'

/** One thing to choose. */
export interface Entry {
  readonly id: string
  readonly name: string
  readonly icon: LucideIcon
  /** Those of another kind stand above it. */
  readonly begins?: boolean
  /** Keys, already written for this platform. */
  readonly shortcut?: string | undefined
  readonly choose: () => void
}

interface Things {
  readonly actions: readonly Action[]
  /** The last used first. */
  readonly conversations: readonly Conversation[]
  /** The last changed first. */
  readonly forms: readonly Pick<Form, 'id' | 'name'>[]
  /** Names of the models that chat. */
  readonly models: readonly string[]
  /** As process.platform. */
  readonly platform: string
}

/** Most entries of one kind in sight: more words find the rest. */
const most = 8

/**
 * What can be chosen of actions, chats, forms and models, in this order: that whose name holds every word that was
 * typed.
 */
export function entriesFor(
  query: string,
  { actions, conversations, forms, models, platform }: Things,
): readonly Entry[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean)
  const fits = ({ name }: Entry) => words.every(word => name.toLowerCase().includes(word))
  const kinds: Entry[][] = [
    actions
      .filter(({ when }) => when?.() ?? true)
      .map(action => ({
        id: `action-${action.id}`,
        name: textWith(action.name, {}),
        icon: action.icon,
        shortcut: action.shortcut && shortcutLabel(action.shortcut, platform),
        choose: () => perform(action, undefined),
      })),
    conversations.map(({ id, title }) => ({
      id: `chat-${id}`,
      name: title || textWith('history.untitled', {}),
      icon: MessageSquareIcon,
      choose: () => go({ kind: 'chat', conversationId: id }),
    })),
    forms.map(({ id, name }) => ({
      id: `form-${id}`,
      name: name || textWith('forms.unnamed', {}),
      icon: ClipboardListIcon,
      choose: () => go({ kind: 'forms', formId: id }),
    })),
    models.map(model => ({
      id: `model-${model}`,
      name: textWith('palette.chatWith', { model }),
      icon: BoxIcon,
      choose: () => chatWith(model),
    })),
  ]
  const found = kinds.map((entries, kind) => entries.filter(fits).slice(0, kind === 0 ? undefined : most))
  const [first] = found.flat()
  return found.flatMap(entries => entries.map((entry, at) => ({ ...entry, begins: at === 0 && entry !== first })))
}
