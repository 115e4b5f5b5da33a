import type { StreamEvent, StreamInput } from '../../preload/contract.ts'
import type { Transfer } from '../conversations/transfer/transfer.ts'
import { exportWords } from '../conversations/transfer/words.ts'
import { asProblem } from '../problem.ts'
import { paced } from './paced.ts'
import { problemInfo } from './problem-info.ts'
import type { BridgeServices } from './services.ts'

type App = Pick<BridgeServices['app'], 'language' | 'askWhereToSave' | 'askWhatToOpen'>

/** Exports into the file the person chooses. */
export async function* exportChats(
  transfer: Transfer,
  app: App,
  input: StreamInput<'chats.export'>,
): AsyncGenerator<StreamEvent<'chats.export'>> {
  try {
    const request = { ...input, words: exportWords(app.language()) }
    const path = await app.askWhereToSave(await transfer.nameFor(request))
    if (path === null) yield { type: 'cancelled' }
    else yield { type: 'done', path, ...(yield* paced(transfer.export(request, path))) }
  } catch (error) {
    yield { type: 'failed', problem: problemInfo(asProblem(error)) }
  }
}

/** Imports the file the person chooses. */
export async function* importChats(transfer: Transfer, app: App): AsyncGenerator<StreamEvent<'chats.import'>> {
  try {
    const path = await app.askWhatToOpen()
    if (path === null) yield { type: 'cancelled' }
    else yield { type: 'done', ...(yield* paced(transfer.import(path))) }
  } catch (error) {
    yield { type: 'failed', problem: problemInfo(asProblem(error)) }
  }
}
