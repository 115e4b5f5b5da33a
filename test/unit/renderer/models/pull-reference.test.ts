import { describe, expect, it } from 'vitest'
import { pullReference } from '../../../../renderer/features/models/pulls/pull-reference.ts'

describe('what a person types or pastes', () => {
  it.each([
    ['llama3.2', 'llama3.2'],
    ['  gemma3:4b \n', 'gemma3:4b'],
    ['user/model:q4', 'user/model:q4'],
    ['hf.co/bartowski/Llama-3.2-3B-Instruct-GGUF:Q4_K_M', 'hf.co/bartowski/Llama-3.2-3B-Instruct-GGUF:Q4_K_M'],
    ['ollama run deepseek-r1:7b', 'deepseek-r1:7b'],
    ['ollama pull hf.co/user/model', 'hf.co/user/model'],
    ['https://ollama.com/library/gemma3', 'gemma3'],
    ['https://ollama.com/library/gemma3:4b', 'gemma3:4b'],
    ['ollama.com/library/gemma3/tags', 'gemma3'],
    ['https://www.ollama.com/library/gemma3:4b/blobs/aeda25e63ebd?x=1#top', 'gemma3:4b'],
    ['http://ollama.com/user/model', 'user/model'],
    ['https://huggingface.co/user/model', 'hf.co/user/model'],
    ['https://huggingface.co/user/model/tree/main?local-app=ollama', 'hf.co/user/model'],
    ['huggingface.co/user/model:Q8_0', 'hf.co/user/model:Q8_0'],
    ['https://huggingface.co/user/model/blob/main/model-Q4_K_M.gguf', 'hf.co/user/model:model-Q4_K_M.gguf'],
    ['https://huggingface.co/user/model/resolve/main/m.gguf?download=true', 'hf.co/user/model:m.gguf'],
    ['https://registry.example:5000/team/model:1', 'registry.example:5000/team/model:1'],
    ['localhost:5000/library/tiny', 'localhost:5000/library/tiny'],
  ])('%j is the model %j', (typed, model) => expect(pullReference(typed)).toEqual({ model, insecure: false }))

  it('says plain HTTP for a registry of one’s own, and is believed', () => {
    expect(pullReference('http://127.0.0.1:5000/library/tiny')).toEqual({
      model: 'http://127.0.0.1:5000/library/tiny',
      insecure: true,
    })
  })

  // Each would be asked of a registry as a name, or lead out of the models folder.
  it.each([
    ...['', ' ', 'two words', '../../etc/passwd', 'a/../b', 'a//b', 'model:', ':tag', '-model', 'a/b/c/d/e'],
    ...['https://ollama.com', 'https://ollama.com/search?q=llama', 'https://ollama.com/library', 'https://hf.co/user'],
    ...['https://huggingface.co/datasets/user/name', 'https://huggingface.co/spaces/user/name'],
    ...['javascript:alert(1)', 'file:///etc/passwd', 'https://example.com', 'https://u:p@example.com/a/b'],
    ...['<img src=x onerror=alert(1)>', '模型', `m${'x'.repeat(200)}`],
  ])('%j is no model', typed => expect(pullReference(typed)).toBeNull())
})
