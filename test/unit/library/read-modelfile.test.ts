import { expect, test } from 'vitest'
import { readModelfile } from '../../../main/library/making/read-modelfile.ts'

test('a pasted Modelfile fills the fields', () => {
  const source = `# mine
FROM llama3.2:3b
ADAPTER ./pirate.gguf
SYSTEM """You are a pirate.
Be brief."""
PARAMETER temperature 0.5
PARAMETER stop "<end>"
MESSAGE user Hello
MESSAGE assistant Ahoy!
LICENSE free`
  expect(readModelfile(source)).toEqual({
    ok: true,
    read: {
      from: 'llama3.2:3b',
      fromFile: false,
      adapter: './pirate.gguf',
      template: '',
      license: 'free',
      system: 'You are a pirate.\nBe brief.',
      parameters: { temperature: 0.5, stop: ['<end>'] },
      messages: [
        { role: 'user', content: 'Hello' },
        { role: 'assistant', content: 'Ahoy!' },
      ],
    },
  })
})

// A path is never opened because a text says so: the person points at the file.
test.each([
  ['./model.gguf', true],
  ['model.gguf', true],
  ['/home/me/model', true],
  ['~/model', true],
  ['C:\\models\\model', true],
  ['.', true],
  ['gemma3:4b', false],
  ['hf.co/user/model-GGUF:Q4_K_M', false],
])('FROM %s means a file: %s', (from, fromFile) => {
  expect(readModelfile(`FROM ${from}`)).toMatchObject({ ok: true, read: { from, fromFile } })
})

test.each([
  ['', 0, 'no FROM line'],
  ['FROM a\nTELL me', 2, 'command must be one of'],
  ['FROM a\nPARAMETER warmth 5', 0, "unknown parameter 'warmth'"],
  ['FROM a\nPARAMETER top_k many', 0, 'invalid int value [many]'],
])('%j is told where it is wrong', (source, line, reason) => {
  expect(readModelfile(source)).toEqual({ ok: false, line, reason: expect.stringContaining(reason) })
})
