import { describe, expect, test } from 'vitest'
import { answerLimit, parseOptions } from '../../../main/inference/options.ts'
import { Problem } from '../../../main/problem.ts'

describe('option maps', () => {
  test('without any, Ollama’s defaults hold (a repeat penalty of 1.1 would be the old one)', () => {
    expect(parseOptions({})).toEqual({
      runner: { numBatch: 512, numGpu: -1, numThread: 0 },
      sampling: {
        temperature: 0.8,
        topK: 40,
        topP: 0.9,
        minP: 0,
        typicalP: 1,
        repeatPenalty: 1,
        repeatLastN: 64,
        presencePenalty: 0,
        frequencyPenalty: 0,
      },
      numPredict: -1,
      numKeep: 4,
      stop: [],
    })
  })

  // Logits that are infinite or no numbers end the process of an engine under a grammar.
  test('what no logit survives is kept in bounds', () => {
    const sampling = (options: object) => parseOptions({}, { ...options }).sampling
    expect(sampling({ repeat_penalty: 0 }).repeatPenalty).toBe(1)
    expect(sampling({ repeat_penalty: -1 }).repeatPenalty).toBe(1)
    expect(sampling({ repeat_penalty: 1e-300 }).repeatPenalty).toBe(1e-6)
    expect(sampling({ presence_penalty: -1e300, frequency_penalty: 1e300, temperature: 1e300 })).toMatchObject({
      presencePenalty: -1e6,
      frequencyPenalty: 1e6,
      temperature: 1e6,
    })
  })

  test('the request wins over the model, the model over the defaults', () => {
    const parsed = parseOptions({ temperature: 0.1, top_k: 3, stop: ['a'] }, { temperature: 0, stop: [] })
    expect(parsed.sampling.temperature).toBe(0)
    expect(parsed.sampling.topK).toBe(3)
    expect(parsed.stop).toEqual([])
  })

  test('null leaves what the model or the default said', () => {
    expect(parseOptions({ top_k: 7 }, { top_k: null, num_ctx: null }).sampling.topK).toBe(7)
    expect(parseOptions({}, { num_ctx: null }).runner).not.toHaveProperty('numCtx')
  })

  test('every runner option arrives, so that a changed one can cause a reload', () => {
    const options = {
      num_ctx: 8,
      num_batch: 2,
      num_gpu: 0,
      main_gpu: 1,
      use_mmap: false,
      num_thread: 3,
      draft_num_predict: 5,
    }
    expect(parseOptions({}, options).runner).toEqual({
      numCtx: 8,
      numBatch: 2,
      numGpu: 0,
      mainGpu: 1,
      useMmap: false,
      numThread: 3,
      draftNumPredict: 5,
    })
  })

  test('fractions for whole numbers are cut towards zero', () => {
    expect(parseOptions({}, { num_predict: 12.9, num_keep: -1.5 })).toMatchObject({ numPredict: 12, numKeep: -1 })
  })

  test.each([
    [-1, undefined],
    [0, 0],
    [42, 42],
    [42.7, 42],
    [-2, 0xfffffffe],
    [0x1_0000_0005, 5],
    [1e300, undefined],
  ])('seed %d becomes %s', (seed, expected) => {
    expect(parseOptions({}, { seed }).sampling.seed).toEqual(expected)
  })

  test('unknown and retired names are ignored, names of Object’s prototype too', () => {
    const noise = JSON.parse('{"mirostat":2,"numa":"yes","penalize_newline":1,"constructor":1,"__proto__":{"top_k":1}}')
    expect(parseOptions({}, noise)).toEqual(parseOptions({}))
  })

  test.each([
    [{ top_k: '40' }, 'option "top_k" must be of type integer'],
    [{ num_ctx: true }, 'option "num_ctx" must be of type integer'],
    [{ temperature: 'hot' }, 'option "temperature" must be of type float32'],
    [{ temperature: [1] }, 'option "temperature" must be of type float32'],
    [{ use_mmap: 1 }, 'option "use_mmap" must be of type boolean'],
    [{ stop: '\n' }, 'option "stop" must be of type array'],
    [{ stop: {} }, 'option "stop" must be of type array'],
    [{ stop: ['a', 1] }, 'option "stop" must be of an array of strings'],
  ])('%j is refused with Ollama’s words and its status 500', (options, message) => {
    for (const attempt of [() => parseOptions({}, options), () => parseOptions(options)]) {
      expect(attempt).toThrow(message)
      expect(attempt).toThrow(expect.objectContaining({ status: 500, code: 'invalid-request' }))
      expect(attempt).toThrow(Problem)
    }
  })
})

test.each([
  [-1, 2560],
  [-2, 2560],
  [0, 0],
  [2559, 2559],
  [100_000, 2560],
])('an answer with num_predict %i in 256 tokens of context has at most %i, ten contexts', (numPredict, most) => {
  expect(answerLimit(numPredict, 256)).toBe(most)
})
