import { create } from 'zustand'
import type { StreamEvent, StreamInput } from '../../../preload/contract.ts'
import { call, subscribe } from '../../state/bridge.ts'
import { attempt } from '../../state/perform.ts'
import { problemWords } from '../../state/problem-words.ts'
import { showToast } from '../../state/toasts.ts'

type Exported = StreamEvent<'chats.export'>
type Imported = StreamEvent<'chats.import'>
type ExportedRows = StreamEvent<'forms.export'>

type Job = 'export' | 'import' | 'exportRows'

interface TransferState {
  /** What is under way; null before and after. */
  readonly job: Job | null
  /** How far it is, 0 to 1; null until the person has chosen a file. */
  readonly fraction: number | null
}

const idle: TransferState = { job: null, fraction: null }

export const useTransfer = create<TransferState>(() => idle)

/** Ends the stream of what is under way. */
let letGo: (() => void) | undefined

/** Writes one chat, or all (null), into a file the person chooses. */
export function exportChats(input: StreamInput<'chats.export'>): void {
  if (!begin('export')) return
  letGo = subscribe('chats.export', input, event => take(event, exportDone))
}

/** Writes the rows of a form into a file the person chooses. */
export function exportRows(input: StreamInput<'forms.export'>): void {
  if (!begin('exportRows')) return
  letGo = subscribe('forms.export', input, event => take(event, rowsDone))
}

/** Adds the chats of a file the person chooses. */
export function importChats(): void {
  if (!begin('import')) return
  letGo = subscribe('chats.import', {}, event => take(event, importDone))
}

/** Breaks off what is under way: of an export no file is left, what an import has added stays. */
export function stopTransfer(): void {
  letGo?.()
  if (useTransfer.getState().job === 'import') showToast({ text: 'transfer.importStopped' })
  useTransfer.setState(idle)
}

/** One at a time: the dialogs and the progress of two would be mixed up. */
function begin(job: Job): boolean {
  if (useTransfer.getState().job !== null) {
    showToast({ text: 'transfer.busy' })
    return false
  }
  useTransfer.setState({ job, fraction: null })
  return true
}

function take<E extends Exported | Imported | ExportedRows>(
  event: E,
  done: (event: Extract<E, { type: 'done' }>) => void,
): void {
  if (event.type === 'progress') {
    useTransfer.setState({ fraction: event.total > 0 ? Math.min(1, event.done / event.total) : 0 })
    return
  }
  useTransfer.setState(idle)
  if (event.type === 'failed') {
    const { title, text } = problemWords(event.problem)
    showToast({ text: title, more: text })
  }
  if (event.type === 'done') done(event as Extract<E, { type: 'done' }>)
}

function exportDone({ path, unreadable }: Extract<Exported, { type: 'done' }>): void {
  showToast({
    ...(unreadable > 0
      ? { text: 'transfer.exportedSome', values: { unreadable: String(unreadable) } }
      : { text: 'transfer.exported' }),
    action: showing(path),
  })
}

function rowsDone({ path, rows, leftOut, cutTexts }: Extract<ExportedRows, { type: 'done' }>): void {
  const values = {
    rows: String(rows),
    of: String(rows + leftOut),
    cutTexts: String(cutTexts),
  }
  showToast({
    text: leftOut > 0 ? 'transfer.exportedRows' : 'transfer.exported',
    values,
    ...(cutTexts > 0 ? { more: 'transfer.textsCut' } : {}),
    action: showing(path),
  })
}

const showing = (path: string) => ({
  label: 'transfer.showInFolder' as const,
  perform: () =>
    attempt(async () => {
      await call('app.showInFolder', { path })
    }),
})

function importDone(result: Extract<Imported, { type: 'done' }>): void {
  const { conversations, messages, restored, unreadable, cutOff } = result
  const values = {
    conversations: String(conversations),
    messages: String(messages),
    restored: String(restored),
    unreadable: String(unreadable),
  }
  if (conversations + messages + restored === 0 && unreadable === 0 && !cutOff) {
    showToast({ text: 'transfer.importedNothing' })
    return
  }
  showToast({ text: restored > 0 ? 'transfer.importedRestored' : 'transfer.imported', values })
  if (unreadable > 0) showToast({ text: 'transfer.importUnreadable', values })
  if (cutOff) showToast({ text: 'transfer.importCutOff' })
}
