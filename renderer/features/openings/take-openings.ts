import type { Opening } from '../../../preload/contract.ts'
import { CallProblem, call } from '../../state/bridge.ts'
import { addToDraft } from '../../state/drafts.ts'
import { showToast } from '../../state/toasts.ts'
import { newChat } from '../chat/new-chat.ts'
import { showLinkedModel } from '../models/discover/discover-store.ts'
import { chatting, modelKey } from '../models/installed-model.ts'
import { takeOpened } from '../models/making/draft-store.ts'
import { pickForNextChat, refreshModels, useModels } from '../models/models-store.ts'

/** Takes what main has for this window, and shows it. */
export async function takeOpenings(): Promise<void> {
  for (const opening of await call('app.takeOpenings', {})) await show(opening)
}

async function show(opening: Opening): Promise<void> {
  switch (opening.kind) {
    case 'model':
      return showLinkedModel(opening.model)
    case 'chat':
      return beginChat(opening)
    case 'file':
      return takeOpened(async () => opening.files)
    case 'unusable-file':
      return takeOpened(async () => {
        throw new CallProblem(opening.problem)
      })
    case 'unknown-link':
      return showToast({ text: 'openings.unknownLink' })
  }
}

/** A new chat, its question written and not sent. */
async function beginChat({ model, prompt }: { model: string; prompt: string }): Promise<void> {
  newChat()
  if (prompt !== '') await addToDraft(null, prompt)
  if (model !== '') await takeModel(model)
}

/** The model a link names, for this chat alone; one that is not here is not fetched for it. */
async function takeModel(model: string): Promise<void> {
  if (useModels.getState().models === null) await refreshModels()
  const here = chatting(useModels.getState().models ?? []).find(({ name }) => modelKey(name) === modelKey(model))
  if (here) return pickForNextChat(here.name)
  showToast({
    text: 'openings.modelNotHere',
    values: { model },
    action: { label: 'openings.showModel', perform: () => showLinkedModel(model) },
  })
}
