import type { KeptSources, StreamEvent } from '../../../../preload/contract.ts'
import { call, subscribe } from '../../../state/bridge.ts'
import { jsonKey } from '../same-json.ts'
import { changeSources, onSourcesChanged, sourcesOf, type TakenSource, taken } from './sources-store.ts'

/** Milliseconds after a change until it is kept, with what else changes meanwhile. */
const pause = 400

/** What main has beside a form, as far as this window knows. */
interface Known {
  readonly revision: number
  readonly text: string
  /** As they stand in this window's list. */
  readonly files: readonly TakenSource[]
}

const known = new Map<string, Known>()
/** Forms of which something is on its way to main: until when, and what main has told since. */
const underWay = new Map<string, { readonly over: Promise<void>; told?: StreamEvent<'forms.sources'> }>()
/** Forms of which main tells. */
const followed = new Set<string>()
let timer: ReturnType<typeof setTimeout> | undefined

/**
 * Goes on with what main has kept of a form, and with what other windows put there and take away; what changes here is
 * kept over a reload and a kill. For as long as the window lives: files are read on after the form was left, and what
 * other windows have made of the list must be known to keep them.
 */
export function followSources(formId: string): void {
  if (followed.has(formId)) return
  if (followed.size === 0) {
    window.addEventListener('pagehide', keepAll)
    onSourcesChanged(keepSoon)
  }
  followed.add(formId)
  subscribe('forms.sources', { formId }, event => take(formId, event))
}

/** Takes over what others have changed since this window knew; what is changed here and not kept yet stays changed. */
function take(formId: string, event: StreamEvent<'forms.sources'>): void {
  const writing = underWay.get(formId)
  if (writing) {
    const { told } = writing
    writing.told = { ...event, text: event.text ?? told?.text, files: event.files ?? told?.files }
    return
  }
  const base = known.get(formId)
  if (base && event.revision <= base.revision) return
  const { text, files } = sourcesOf(formId)
  const before = base?.files ?? []
  const [added, removed] = [without(files, before), without(before, files)]
  const theirs = event.files ? asTaken(event.files, [...before, ...added]) : before
  const theirText = event.text ?? base?.text ?? ''
  known.set(formId, { revision: event.revision, text: theirText, files: theirs })
  const left = without(theirs, removed)
  changeSources(formId, {
    text: text === (base?.text ?? '') ? theirText : text,
    files: added.length === 0 && left.length === theirs.length ? theirs : [...left, ...without(added, left)],
  })
}

/** What main tells of files, each as this window has it already, where it does. */
function asTaken(files: KeptSources['files'], own: readonly TakenSource[]): TakenSource[] {
  const byKey = new Map<string, TakenSource[]>()
  for (const file of own) {
    const key = jsonKey(file.source)
    const same = byKey.get(key)
    if (same) same.push(file)
    else byKey.set(key, [file])
  }
  return files.map(source => byKey.get(jsonKey(source))?.shift() ?? taken({ source, remarks: [] }))
}

function without(files: readonly TakenSource[], gone: readonly TakenSource[]): readonly TakenSource[] {
  if (gone.length === 0) return files
  const ids = new Set(gone.map(({ id }) => id))
  return files.filter(({ id }) => !ids.has(id))
}

function keepSoon(): void {
  timer ??= setTimeout(keepAll, pause)
}

function keepAll(): void {
  clearTimeout(timer)
  timer = undefined
  // What cannot be kept stays in the window, and is tried again with the next change; what asks for more tells why.
  for (const formId of known.keys()) if (!underWay.has(formId)) void keep(formId).catch(() => undefined)
}

/**
 * Keeps now what is not kept yet, with what other windows make of it.
 * @param after waits for a later revision than this
 * @returns the revision of what stands in the list
 * @throws CallProblem
 */
export async function keptRevision(formId: string, after: number): Promise<number> {
  for (;;) {
    await underWay.get(formId)?.over.catch(() => undefined)
    const base = known.get(formId)
    if (!base || base.revision <= after) await changed()
    else if (!isChanged(formId, base)) return base.revision
    else {
      await keep(formId)
      // Another window was quicker, and it has not been told yet with what.
      if (known.get(formId) === base) await changed()
    }
  }
}

/** Resolves with the next change of the sources of whatever form. */
const changed = () =>
  new Promise<void>(resolve => {
    const end = onSourcesChanged(() => {
      end()
      resolve()
    })
  })

function isChanged(formId: string, base: Known): boolean {
  const { text, files } = sourcesOf(formId)
  return text !== base.text || files !== base.files
}

/** @throws CallProblem */
function keep(formId: string): Promise<void> {
  const base = known.get(formId)
  if (!base || !isChanged(formId, base)) return Promise.resolve()
  const over = write(formId, base).finally(() => {
    const told = underWay.get(formId)?.told
    underWay.delete(formId)
    if (told) take(formId, told)
  })
  underWay.set(formId, { over })
  return over
}

async function write(formId: string, base: Known): Promise<void> {
  const { text, files } = sourcesOf(formId)
  const { revision } = await call('forms.keepSources', {
    formId,
    revision: base.revision,
    text: text === base.text ? undefined : text,
    files: files === base.files ? undefined : files.map(({ source }) => source),
  })
  if (revision !== null) known.set(formId, { revision, text, files })
  keepSoon()
}
