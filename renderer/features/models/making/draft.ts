import type { CallOutput, ChosenFiles, MakeDraft, MakeOrder } from '../../../../preload/contract.ts'
import type { TextKey } from '../../../i18n/texts.ts'

type Role = MakeOrder['messages'][number]['role']

/** A message the model finds before every chat. */
export interface Example {
  /** Tells it from the others while they come and go. */
  readonly key: number
  readonly role: Role
  readonly content: string
}

export type Base =
  | { readonly kind: 'model'; readonly model: string }
  | { readonly kind: 'files'; readonly files: ChosenFiles }

/** A model as far as the person has described it. Empty texts leave what the base has. */
export interface Draft {
  readonly base: Base | null
  readonly adapter: ChosenFiles | null
  /** What the model sees or hears with, beside its weights. */
  readonly projector: ChosenFiles | null
  /** Paths that a Modelfile names, until the person points at them: no file is opened because a text says so. */
  readonly wantedFile: string
  readonly wantedAdapter: string
  readonly quantize: string | null
  readonly system: string
  readonly template: string
  readonly license: string
  readonly parameters: Readonly<Record<string, unknown>>
  readonly messages: readonly Example[]
  readonly name: string
}

export const emptyDraft: Draft = {
  base: null,
  adapter: null,
  projector: null,
  wantedFile: '',
  wantedAdapter: '',
  quantize: null,
  system: '',
  template: '',
  license: '',
  parameters: {},
  messages: [],
  name: '',
}

/** Whether the person would miss it: more than an installed model to begin with. */
export function isWritten(draft: Draft): boolean {
  const { base, ...rest } = draft
  const own = Object.entries(rest) as [keyof typeof rest, unknown][]
  return (
    base?.kind === 'files' || own.some(([name, value]) => JSON.stringify(value) !== JSON.stringify(emptyDraft[name]))
  )
}

/** What is missing before a model can be made; undefined when nothing is. */
export function missing({ base, projector, wantedFile, wantedAdapter }: Draft): TextKey | undefined {
  if (wantedFile !== '') return 'making.needsFile'
  if (projector && !takesProjector(base)) return 'making.needsProjected'
  if (base === null) return 'making.needsBase'
  return wantedAdapter === '' ? undefined : 'making.needsAdapter'
}

/**
 * Only weights in files as they come take a projector: an installed model is whole, and safetensors bring their own.
 */
export const takesProjector = (base: Base | null): boolean => base?.kind === 'files' && base.files.format === 'gguf'

/**
 * What main is asked to make.
 * @param model its name; empty for one that is only tried
 * @returns undefined while something is missing
 */
export function orderOf(draft: Draft, model: string): MakeOrder | undefined {
  const { base, adapter, projector, quantize, system, template, license, parameters, messages } = draft
  if (base === null || missing(draft)) return undefined
  return {
    model,
    base: base.kind === 'model' ? base : { kind: 'files', token: base.files.token },
    adapter: adapter?.token ?? null,
    projector: projector?.token ?? null,
    quantize,
    system,
    template,
    license,
    parameters,
    messages: messages.filter(({ content }) => content.trim() !== '').map(({ role, content }) => ({ role, content })),
  }
}

type Reading = Extract<CallOutput<'models.readModelfile'>, { ok: true }>['read']

/** A draft filled with what a Modelfile says; the name stays. */
export function draftOf(read: Reading, { name }: Pick<Draft, 'name'>, nextKey: () => number): Draft {
  const { from, fromFile, adapter, system, template, license, parameters, messages } = read
  return {
    ...emptyDraft,
    name,
    system,
    template,
    license,
    parameters,
    wantedAdapter: adapter,
    base: fromFile ? null : { kind: 'model', model: from },
    wantedFile: fromFile ? from : '',
    messages: messages.map(message => ({ ...message, key: nextKey() })),
  }
}

/** A draft as main keeps it. */
export const keptOf = ({ messages, parameters, ...draft }: Draft): MakeDraft => ({
  ...draft,
  parameters: { ...parameters },
  messages: messages.map(({ role, content }) => ({ role, content })),
})

/** What main has kept, to be gone on with. */
export const draftKept = (kept: MakeDraft, nextKey: () => number): Draft => ({
  ...kept,
  messages: kept.messages.map(message => ({ ...message, key: nextKey() })),
})

/** What was pointed at, put where it belongs. A model ends what was chosen of precision: it may not be possible now. */
export function withFiles(draft: Draft, files: ChosenFiles): Draft {
  if (files.kind === 'projector') return { ...draft, projector: files }
  if (files.kind === 'adapter') return { ...draft, adapter: files, wantedAdapter: '' }
  const name = draft.name || nameOf(files)
  return { ...draft, name, base: { kind: 'files', files }, wantedFile: '', quantize: null }
}

/** A name that suits the file: `My Model-00001-of-00003.gguf` is proposed as `my-model`. */
const nameOf = ({ name }: ChosenFiles): string =>
  name
    .toLowerCase()
    .replace(/(?:-\d{5}-of-\d{5})?\.(?:gguf|safetensors)$/, '')
    .replace(/[^a-z\d._-]+/g, '-')
    .replace(/^[._-]+|[._-]+$/g, '')
    .slice(0, 80)
