import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { Backups } from '../../../main/backups/backups.ts'
import { Conversations } from '../../../main/conversations/conversations.ts'
import { Forms } from '../../../main/forms/forms.ts'
import { Notices } from '../../../main/settings/notices.ts'
import type { Form, Notice } from '../../../preload/contract.ts'
import { messagesOf } from '../../unit/conversations/messages-of.ts'
import { ScriptedInference } from '../../unit/conversations/scripted-inference.ts'
import { draw, type Shape } from '../pictures.ts'

export interface OpenedOptions {
  /** Milliseconds since 1970. */
  readonly now?: () => number
  readonly wanted?: () => boolean
}

/** The conversations, forms and backups of a home, as compose ties them, with a model that says what it is told to. */
export async function openHome(home: string, { now = Date.now, wanted = () => true }: OpenedOptions = {}) {
  const inference = new ScriptedInference()
  const notices = new Notices()
  let told: readonly Notice[] = []
  notices.watch(all => {
    told = all
  })
  const conversations = await Conversations.open({ home, inference, notices, now })
  const forms = new Forms({
    home,
    inference,
    now,
    checkFormat: async () => undefined,
    transcript: async () => ({ title: '', text: '', pictures: [] }),
  })
  const parts = [conversations.backedUp, forms.backedUp]
  const backups = new Backups({ home, parts, wanted, notices, now })
  await backups.start()
  const close = async () => {
    await conversations.close()
    await forms.close()
    await backups.close()
  }
  onTestFinished(close)
  let titles: readonly string[] = []
  conversations.watchList(event => {
    if (event.type === 'all') titles = event.conversations.map(({ title }) => title)
    if (event.type === 'changed') titles = [...new Set([event.conversation.title, ...titles])]
    if (event.type === 'removed') titles = []
  })
  let list: readonly Form[] = []
  let state: Parameters<Parameters<Backups['watch']>[0]>[0] | undefined
  backups.watch(next => {
    state = next
  })
  return {
    home,
    inference,
    conversations,
    forms,
    backups,
    close,
    told: () => told,
    /** Of the list as a window that stays open has it. */
    titles: () => titles,
    kept: () => state?.backups ?? [],
    state: () => state,
    watchForms: () =>
      forms.watchList(event => {
        if (event.type === 'forms') list = event.forms
      }),
    formNames: () => list.map(({ name }) => name),
    attachments: join(home, 'attachments'),
    messages: (conversationId: string) => messagesOf(conversations, conversationId),
    /** Asks, and lets the model answer. */
    async talk(content: string, shapes?: readonly Shape[]) {
      const picture =
        shapes && (await conversations.attach({ name: 'scene.png', content: Uint8Array.from(draw(shapes)) }))
      const sent = await conversations.send({
        conversationId: null,
        parentId: null,
        content,
        model: 'tiny',
        attachments: picture ? [picture] : [],
      })
      inference.last.write(`About ${content}`)
      inference.last.finish()
      return { ...sent, picture }
    },
  }
}
