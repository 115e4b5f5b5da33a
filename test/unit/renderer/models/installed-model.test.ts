import { describe, expect, it } from 'vitest'
import {
  installedModel,
  modelToAsk,
  spokenModelName,
  tellingModelName,
} from '../../../../renderer/features/models/installed-model.ts'

const listed = (name: string, over = {}) => installedModel({ name, size: 1, ...over }, 'hearth-demo')
const demo = listed('hearth-demo:latest')
const gemma = listed('gemma3:4b', { details: { parameter_size: '4.3B' }, capabilities: ['completion', 'vision'] })
const none = { picked: undefined, used: undefined, usual: '' }

describe('an installed model', () => {
  it('is known as the demo by its name with and without a tag', () => {
    expect(demo).toMatchObject({ name: 'hearth-demo', demo: true })
    expect(gemma).toMatchObject({ demo: false, parameters: '4.3B' })
  })

  it('that only embeds is not offered for a chat', () => {
    expect(listed('nomic-embed-text', { capabilities: ['embedding'] }).chats).toBe(false)
  })

  it('chats when the server does not say what it can do', () => {
    expect(listed('old:latest').chats).toBe(true)
  })
})

// Who has asked for "Gemma 3" met `hf.co/ggml-org/gemma-3-4b-it-GGUF:Q4_K_M` in every place, mostly cut short.
describe('a name as it is shown', () => {
  it.each([
    ['hf.co/ggml-org/gemma-3-4b-it-GGUF:Q4_K_M', 'gemma-3-4b-it:Q4_K_M'],
    ['huggingface.co/someone/Tiny-gguf:latest', 'Tiny'],
    ['hf.co/someone/plain', 'plain'],
    ['gemma3:4b', 'gemma3:4b'],
    ['registry.example/hf.co/tiny', 'registry.example/hf.co/tiny'],
    ['127.0.0.1:5000/library/tiny-GGUF', '127.0.0.1:5000/library/tiny-GGUF'],
  ])('%s', (name, shown) => expect(spokenModelName(name)).toBe(shown))

  // Two rows of a list read the same, and nobody could tell which model they chose.
  it('is whole where another model would be called the same', () => {
    const one = 'hf.co/one/Tiny-GGUF:Q8_0'
    expect(tellingModelName(one, [one, 'hf.co/two/tiny-GGUF:Q8_0', 'Tiny:Q4_0'])).toBe('Tiny:Q8_0')
    expect(tellingModelName(one, [one, 'hf.co/two/Tiny-GGUF:Q8_0'])).toBe(one)
    expect(tellingModelName(one, ['HF.co/One/Tiny-GGUF:Q8_0'])).toBe('Tiny:Q8_0')
  })
})

describe('the model to ask', () => {
  it('is a real one rather than the demo, and the demo rather than none', () => {
    expect(modelToAsk([demo, gemma], none)).toBe('gemma3:4b')
    expect(modelToAsk([demo], none)).toBe('hearth-demo')
    expect(modelToAsk([], none)).toBe('')
  })

  it('is the usual one while that is here', () => {
    expect(modelToAsk([gemma, demo], { ...none, usual: 'hearth-demo:latest' })).toBe('hearth-demo')
    expect(modelToAsk([gemma, demo], { ...none, usual: 'gone' })).toBe('gemma3:4b')
  })

  it('stays the chat’s own, even when it has vanished: another one would answer in its name', () => {
    expect(modelToAsk([gemma], { ...none, used: 'qwen3:8b' })).toBe('qwen3:8b')
  })

  it('is what was picked, before all else', () => {
    expect(modelToAsk([gemma, demo], { picked: 'gemma3:4b', used: 'hearth-demo', usual: 'hearth-demo' })).toBe(
      'gemma3:4b',
    )
  })
})
