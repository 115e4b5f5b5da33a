import { create } from 'zustand'
import type { ChosenFiles, MakeDraft, ProblemInfo } from '../../../../preload/contract.ts'
import { modelSetting } from '../../../../preload/contract-limits.ts'
import type { TextKey } from '../../../i18n/texts.ts'
import { call, offer, problemFrom } from '../../../state/bridge.ts'
import { ollama } from '../../../state/ollama.ts'
import { go } from '../../../state/place.ts'
import { shortened, showToast } from '../../../state/toasts.ts'
import { modelKey } from '../installed-model.ts'
import { useModels } from '../models-store.ts'
import { placeTitle } from '../place-title.ts'
import { type BaseFacts, baseFacts } from './base-facts.ts'
import { type Draft, draftKept, draftOf, type Example, emptyDraft, isWritten, withFiles } from './draft.ts'

/** What the person was asked to point at. */
type Wanted = 'model' | 'adapter'

/** Files that did not become what they were chosen for. */
export interface Mishap {
  readonly wanted: Wanted
  /** Of the file, where one was dropped: others may be on the list already. */
  readonly name?: string | undefined
  /** What came of them instead, or why they were not taken. */
  readonly why: { readonly remark: TextKey } | { readonly problem: ProblemInfo }
}

interface DraftState {
  readonly draft: Draft
  /** Of the base when it is an installed model: null while they are read, or when it is not here. */
  readonly facts: BaseFacts | null
  /** They could not be read. */
  readonly unread: boolean
  /** Of what was dropped or chosen last. */
  readonly mishap: Mishap | null
  /** A file is being looked at. */
  readonly looking: boolean
}

const nothing: DraftState = {
  draft: emptyDraft,
  facts: null,
  unread: false,
  mishap: null,
  looking: false,
}

/** The model that is being described. It stays while the person looks at other places. */
export const useDraft = create<DraftState>(() => nothing)

let lastKey = 0
const nextKey = () => ++lastKey

export function changeDraft(change: Partial<Draft>): void {
  useDraft.setState(({ draft }) => ({ draft: { ...draft, ...change } }))
}

/** Makes room for the next one. */
export const forgetDraft = (): void => useDraft.setState(nothing)

/** Begins anew, at the person's word. */
export const startOver = (): void => replaceBy(nothing, 'making.emptied')

/** Puts another description in the place of this one, which comes back at the person's word where it held something. */
function replaceBy(next: DraftState, said: TextKey): void {
  const before = useDraft.getState()
  useDraft.setState(next)
  // Models may have come and gone since it was written.
  void readFacts()
  if (!isWritten(before.draft)) return
  const perform = () => replaceBy({ ...nothing, draft: before.draft }, 'making.replaced')
  showToast({ text: said, action: { label: 'app.undo', perform } })
}

/** Goes on with what was kept, unless something is described already. */
export function goOnWith(kept: MakeDraft): void {
  if (useDraft.getState().draft === emptyDraft) useDraft.setState({ draft: draftKept(kept, nextKey) })
}

/** Takes an installed model as the base. */
export function chooseModel(model: string): void {
  useDraft.setState(({ draft }) => ({
    draft: { ...draft, base: { kind: 'model', model }, wantedFile: '', quantize: null },
    facts: null,
    unread: false,
    mishap: null,
  }))
  void readFacts()
}

/** Goes to where a model is made, and begins one from this one. */
export function makeFrom(model: string): void {
  replaceBy({ ...nothing, draft: { ...emptyDraft, base: { kind: 'model', model } } }, 'making.replaced')
  go({ kind: 'models', view: 'create' })
  // The button that was pressed is gone.
  placeTitle()?.focus()
}

/** The installed model of that name, however it is written. */
const installed = (model: string) => useModels.getState().models?.find(({ name }) => modelKey(name) === modelKey(model))

/** Asks the base what it is, once it is here. */
export async function readFacts(): Promise<void> {
  const { base } = useDraft.getState().draft
  if (base?.kind !== 'model') return
  const here = installed(base.model)
  if (!here) return useDraft.setState({ facts: null })
  const still = () => useDraft.getState().draft.base === base
  try {
    const facts = baseFacts(await ollama.show({ model: here.name }), here.size)
    if (still()) useDraft.setState({ facts, unread: false })
  } catch {
    if (still()) useDraft.setState({ facts: null, unread: true })
  }
}

/** Asks for a file or a folder, and takes it. */
export async function chooseFiles(what: 'file' | 'folder', wanted: Wanted): Promise<void> {
  // The button that was pressed stays as it is: one that is disabled would lose the focus.
  if (useDraft.getState().looking) return
  await inTurn(async () => (await call('models.choose', { what })).chosen, wanted)
}

/** Takes what was dropped: a model, an adapter, a projector, or one of each. What there is no room for is told. */
export async function takeDropped(files: readonly File[]): Promise<void> {
  const taken = new Set<ChosenFiles['kind']>()
  const left: string[] = []
  const offered = async (file: File) => {
    const chosen = await offer(file)
    if (taken.has(chosen.kind)) {
      left.push(file.name)
      return null
    }
    taken.add(chosen.kind)
    return chosen
  }
  for (const file of firstParts(weightsAmong(files))) {
    await inTurn(() => offered(file), 'either', file.name)
    if (useDraft.getState().mishap) return
  }
  if (left.length === 0) return
  const names = [...left.slice(0, 3).map(shortened), ...(left.length > 3 ? ['…'] : [])].join(', ')
  showToast({ text: 'making.leftOut', values: { names } })
}

/**
 * All that is in a folder comes with its weights, a README as well as settings; settings that are dropped alone lead to
 * the folder, one for all.
 */
function weightsAmong(files: readonly File[]): readonly File[] {
  if (files.some(({ name }) => /\.safetensors$/i.test(name))) {
    return files.filter(({ name }) => /\.(?:gguf|safetensors)$/i.test(name))
  }
  const settings = files.filter(({ name }) => modelSetting.test(name))
  const others = files.filter(file => !settings.includes(file))
  return others.length > 0 ? others : settings.slice(0, 1)
}

/** Of a model in many parts one leads to all. */
function firstParts(files: readonly File[]): File[] {
  const whole = ({ name }: File) => /^(.*)-\d{5}-of-\d{5}\.(?:gguf|safetensors)$/i.exec(name)?.[1]
  return files.filter((file, i) => whole(file) === undefined || files.findIndex(o => whole(o) === whole(file)) === i)
}

/** Goes to where a model is made, with a file that was opened with Hearth. @param found rejects where it is no model */
export async function takeOpened(found: () => Promise<ChosenFiles>): Promise<void> {
  go({ kind: 'models', view: 'create' })
  await inTurn(found, 'either')
}

let last: Promise<void> = Promise.resolve()

/** Another program may open a file with Hearth while the person chooses one. */
function inTurn(ask: () => Promise<ChosenFiles | null>, meantFor: Wanted | 'either', name?: string): Promise<void> {
  last = last.then(() => look(ask, meantFor, name))
  return last
}

/** Never rejects: what went wrong is shown. */
async function look(
  ask: () => Promise<ChosenFiles | null>,
  meantFor: Wanted | 'either',
  name: string | undefined,
): Promise<void> {
  const wanted = meantFor === 'either' ? 'model' : meantFor
  const mishap = (why: Mishap['why']) => ({ mishap: { wanted, name, why } })
  useDraft.setState({ looking: true, mishap: null })
  try {
    const files = await ask()
    if (files === null) return
    if (meantFor === 'adapter' && files.kind === 'model') {
      return useDraft.setState(mishap({ remark: 'making.isModel' }))
    }
    useDraft.setState(({ draft, facts }) => ({
      draft: withFiles(draft, files),
      facts: files.kind === 'model' ? null : facts,
      ...(meantFor === 'model' && files.kind === 'adapter' && mishap({ remark: 'making.isAdapter' })),
      ...(meantFor === 'adapter' && files.kind === 'projector' && mishap({ remark: 'making.isProjector' })),
    }))
  } catch (error) {
    useDraft.setState(mishap({ problem: problemFrom(error) }))
  } finally {
    useDraft.setState({ looking: false })
  }
}

/** What a Modelfile is not understood for: `line` counts from 1, 0 means the whole. */
export interface ModelfileTrouble {
  readonly line: number
  readonly reason: string
}

/** Fills the draft with what a Modelfile says. @returns why it cannot, in its reader's words */
export async function takeModelfile(source: string): Promise<ModelfileTrouble | undefined> {
  const reading = await call('models.readModelfile', { source })
  if (!reading.ok) return reading
  replaceBy({ ...nothing, draft: draftOf(reading.read, useDraft.getState().draft, nextKey) }, 'making.replaced')
}

/** Adds a question and its answer, to be written. */
export function addExample(): void {
  const { messages } = useDraft.getState().draft
  const empty = (role: Example['role']): Example => ({ key: nextKey(), role, content: '' })
  changeDraft({ messages: [...messages, empty('user'), empty('assistant')] })
}

export function changeExample(key: number, change: Partial<Omit<Example, 'key'>>): void {
  const { messages } = useDraft.getState().draft
  changeDraft({ messages: messages.map(message => (message.key === key ? { ...message, ...change } : message)) })
}

export function removeExample(key: number): void {
  const { messages } = useDraft.getState().draft
  changeDraft({ messages: messages.filter(message => message.key !== key) })
}

/** @param value undefined leaves what the base has */
export function changeParameter(name: string, value: unknown): void {
  const { [name]: _, ...others } = useDraft.getState().draft.parameters
  changeDraft({ parameters: value === undefined ? others : { ...others, [name]: value } })
}
