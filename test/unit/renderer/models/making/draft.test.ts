import { describe, expect, it } from 'vitest'
import type { ChosenFiles } from '../../../../../preload/contract.ts'
import {
  type Draft,
  draftOf,
  emptyDraft,
  missing,
  orderOf,
  withFiles,
} from '../../../../../renderer/features/models/making/draft.ts'

const files = (over: Partial<ChosenFiles> = {}): ChosenFiles => ({
  token: 'token',
  name: 'model.gguf',
  format: 'gguf',
  kind: 'model',
  bytes: 1000,
  precision: 'F16',
  parameters: 500,
  ...over,
})
const demo: Draft = { ...emptyDraft, base: { kind: 'model', model: 'hearth-demo' } }

describe('a draft', () => {
  it('asks for files by their token, never by a path', () => {
    const draft = withFiles(withFiles(emptyDraft, files()), files({ token: 'lora', kind: 'adapter' }))
    expect(orderOf({ ...draft, quantize: 'Q4_K_M' }, 'mine')).toMatchObject({
      model: 'mine',
      base: { kind: 'files', token: 'token' },
      adapter: 'lora',
      quantize: 'Q4_K_M',
    })
  })

  it('keeps a projector beside its model, whichever was dropped first', () => {
    const [model, projector] = [files(), files({ token: 'eyes', name: 'mmproj.gguf', kind: 'projector' })]
    for (const [first, second] of [
      [model, projector],
      [projector, model],
    ] as const) {
      const order = orderOf(withFiles(withFiles(emptyDraft, first), second), 'mine')
      expect(order).toMatchObject({ base: { token: 'token' }, projector: 'eyes' })
    }
  })

  it('leaves out examples that nobody has written, or the model would be told empty messages', () => {
    const messages = [
      { key: 1, role: 'user', content: 'Hello' },
      { key: 2, role: 'assistant', content: '  ' },
    ] as const
    expect(orderOf({ ...demo, messages }, '')?.messages).toEqual([{ role: 'user', content: 'Hello' }])
  })

  it('forgets the precision with the model it was chosen for', () => {
    expect(withFiles({ ...demo, quantize: 'Q8_0' }, files()).quantize).toBeNull()
    expect(withFiles({ ...demo, quantize: 'Q8_0' }, files({ kind: 'adapter' })).quantize).toBe('Q8_0')
  })

  it.each([
    ['My Model v2.gguf', 'my-model-v2'],
    ['llama-3.2-00001-of-00003.GGUF', 'llama-3.2'],
    ['模型.gguf', ''],
  ])('of the file %s is called %s, unless it has a name', (name, expected) => {
    expect(withFiles(emptyDraft, files({ name })).name).toBe(expected)
    expect(withFiles({ ...emptyDraft, name: 'mine' }, files({ name })).name).toBe('mine')
  })

  it.each<[string, Partial<Draft>, string | undefined]>([
    ['without a base', { base: null }, 'making.needsBase'],
    ['whose file is not chosen', { base: null, wantedFile: './a.gguf' }, 'making.needsFile'],
    ['whose adapter is not chosen', { wantedAdapter: './a' }, 'making.needsAdapter'],
    ['with a projector and an installed model', { projector: files({ kind: 'projector' }) }, 'making.needsProjected'],
    ['with a projector alone', { base: null, projector: files({ kind: 'projector' }) }, 'making.needsProjected'],
    ['with all it needs', {}, undefined],
  ])('%s says so', (_, over, text) => {
    expect(missing({ ...demo, ...over })).toBe(text)
    expect(orderOf({ ...demo, ...over }, 'mine') === undefined).toBe(text !== undefined)
  })
})

describe('a Modelfile', () => {
  const read = {
    from: './pirate.gguf',
    fromFile: true,
    adapter: './lora.gguf',
    system: 'Be a pirate.',
    template: '{{ .Prompt }}',
    license: 'free',
    parameters: { stop: ['<end>'], temperature: 0.5 },
    messages: [{ role: 'user', content: 'Hello' }] as const,
  }
  const fill = (over: Partial<typeof read> = {}) => draftOf({ ...read, ...over }, { name: 'kept' }, () => 7)

  it('fills every field, and nothing it says is lost', () => {
    expect(fill()).toEqual({
      name: 'kept',
      base: null,
      wantedFile: './pirate.gguf',
      adapter: null,
      projector: null,
      wantedAdapter: './lora.gguf',
      quantize: null,
      system: 'Be a pirate.',
      template: '{{ .Prompt }}',
      license: 'free',
      parameters: { stop: ['<end>'], temperature: 0.5 },
      messages: [{ key: 7, role: 'user', content: 'Hello' }],
    })
  })

  it('begins from a model, or from a file the person has yet to point at', () => {
    expect(fill({ from: 'gemma3:4b', fromFile: false })).toMatchObject({
      base: { kind: 'model', model: 'gemma3:4b' },
      wantedFile: '',
    })
    const pointed = withFiles(withFiles(fill(), files()), files({ token: 'lora', kind: 'adapter' }))
    expect(pointed).toMatchObject({ wantedFile: '', wantedAdapter: '' })
    expect(missing(pointed)).toBeUndefined()
  })
})
