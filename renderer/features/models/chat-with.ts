import { attempt } from '../../state/perform.ts'
import { newChat } from '../chat/new-chat.ts'
import { shortModelName } from './installed-model.ts'
import { pickModel } from './models-store.ts'

/** Begins a chat with a model, which becomes the usual one. */
export function chatWith(model: string): void {
  attempt(() => pickModel(null, shortModelName(model)))
  newChat()
}
