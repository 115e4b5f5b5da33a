import type { StreamEvent, StreamInput } from '../../preload/contract.ts'
import type { Transfer } from '../conversations/transfer/transfer.ts'
import { exportWords } from '../conversations/transfer/words.ts'
import { asProblem } from '../problem.ts'
import { problemInfo } from './problem-info.ts'
import type { BridgeServices } from './services.ts'

type App = Pick<BridgeServices['app'], 'language' | 'askWhereToSave' | 'askWhatToOpen'>

/** Milliseconds between two events of progress. */
const pace = 100

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

/** Tells of a job's steps as often as somebody can see it; who lets go ends the job. */
async function* paced<R>(
  job: AsyncGenerator<{ readonly done: number; readonly total: number }, R>,
): AsyncGenerator<{ type: 'progress'; done: number; total: number }, R> {
  let told = 0
  try {
    for (;;) {
      const step = await job.next()
      if (step.done) return step.value
      if (Date.now() - told < pace) continue
      told = Date.now()
      yield { type: 'progress', done: step.value.done, total: step.value.total }
    }
  } finally {
    // Already at its end unless somebody let go.
    await job.return(undefined as R)
  }
}
