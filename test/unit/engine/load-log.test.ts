import { expect, it } from 'vitest'
import { problemInLog } from '../../../main/engine/load-log.ts'

it.each([
  [
    "llama_model_load: error loading model: unsupported model architecture: 'clip'",
    'unsupported-architecture',
    /a projector/,
  ],
  [
    "llama_model_load: error loading model: unknown model architecture: 'future9'",
    'unsupported-architecture',
    /'future9'/,
  ],
  ['llama_model_load: error loading model: unable to allocate Vulkan0 buffer', 'out-of-memory', /memory/],
  ["llama_model_load: error loading model: tensor 'a' data is not within the file bounds", 'broken-model-file', /'a'/],
  [
    "llama_adapter_lora_init: failed to apply lora adapter: expect general.type to be 'adapter'",
    'broken-model-file',
    /adapter/,
  ],
  ['something else', 'broken-model-file', /damaged/],
])('tells from %j why a model could not be loaded', (line, code, message) => {
  expect(problemInLog('', ['load: a line before', line])).toMatchObject({
    code,
    status: 500,
    message: expect.stringMatching(message),
  })
})
