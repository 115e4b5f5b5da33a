import { describe, expect, test } from 'vitest'
import type { InferenceEvent } from '../../../../main/inference/requests.ts'
import { ask, delta, done, refusal } from './asking.ts'

const path = '/v1/completions'
const complete = (more: object = {}, ...events: InferenceEvent[]) =>
  ask(path, { model: 'M', prompt: 'Once', ...more }, ...events)

const usage = '"usage":{"prompt_tokens":5,"completion_tokens":3,"total_tokens":8}'
const noUsage = '"usage":{"prompt_tokens":0,"completion_tokens":0,"total_tokens":0}'
const chunk = (choices: string, rest = '') =>
  `data: {"id":"cmpl-N","object":"text_completion","created":0,"choices":[${choices}],"model":"M","system_fingerprint":"fp_ollama"${rest}}\n\n`
const choice = (text: string, reason: string) => `{"text":"${text}","index":0,"finish_reason":${reason}}`
const logprobs = [{ token: 'a', logprob: -0.5, bytes: [97] }]

test('a whole answer has upstream’s keys, without thinking and log probabilities', async () => {
  const answer = await complete({}, delta('a', { thinking: 'hm', logprobs }), delta('b'), done)
  expect(answer).toMatchObject({
    status: 200,
    type: 'application/json',
    text:
      '{"id":"cmpl-N","object":"text_completion","created":0,"model":"M","system_fingerprint":"fp_ollama",' +
      `"choices":[${choice('ab', '"stop"')}],${usage}}\n`,
  })
})

test('an empty prompt, which loads the model, ends for a reason that clients know', async () => {
  const { text } = await complete({ prompt: '' }, { type: 'done', reason: 'load' })
  expect(text).toContain(choice('', '"stop"'))
})

describe('a stream', () => {
  test('is chunks of one shape, the last with the reason, and [DONE]', async () => {
    const { text, type } = await complete({ stream: true }, delta('a'), delta('b'), done)
    expect(type).toBe('text/event-stream')
    expect(text).toBe(
      `${chunk(choice('a', 'null'))}${chunk(choice('b', 'null'))}${chunk(choice('', '"stop"'))}data: [DONE]\n\n`,
    )
  })

  test('carries a usage of zeros until the true one, if that is wanted', async () => {
    const { text } = await complete({ stream: true, stream_options: { include_usage: true } }, delta('a'), done)
    expect(text).toBe(
      `${chunk(choice('a', 'null'), `,${noUsage}`)}${chunk(choice('', '"stop"'), `,${noUsage}`)}` +
        `${chunk('', `,${usage}`)}data: [DONE]\n\n`,
    )
  })
})

describe('what is asked of inference', () => {
  test('penalties always, temperature and top_p of 1 where the request says nothing', async () => {
    const { asked } = await complete({ top_p: 0 }, done)
    expect(asked).toMatchObject({ model: 'M', prompt: 'Once' })
    expect(asked.suffix).toBeUndefined()
    expect(asked.options).toEqual({ temperature: 1, top_p: 1, frequency_penalty: 0, presence_penalty: 0 })
  })

  test('everything the contract names', async () => {
    const options = { temperature: 0, top_p: 0.5, frequency_penalty: 1, presence_penalty: 2, seed: 3 }
    const { asked } = await complete({ ...options, max_tokens: 4, stop: ['a', 'b'], suffix: 'end' }, done)
    expect(asked).toMatchObject({ suffix: 'end', options: { ...options, num_predict: 4, stop: ['a', 'b'] } })
  })

  test('no stops of its own leave the model those it has', async () => {
    expect((await complete({ stop: [] }, done)).asked.options!.stop).toBeUndefined()
  })

  test('a prompt to be shown only', async () => {
    const debug: InferenceEvent = { type: 'debug', renderedTemplate: 'x', imageCount: 0 }
    const { asked, text } = await complete({ stream: true, _debug_render_only: true }, debug)
    expect(asked.debugRenderOnly).toBe(true)
    expect(text).toContain('"_debug_info":{"rendered_template":"x"}')
  })
})

test.each<[object, string]>([
  [{ stop: ['a', 1] }, "invalid type for 'stop' field: float64"],
  [{ stop: [null] }, "invalid type for 'stop' field: <nil>"],
  [{ stop: [{}] }, "invalid type for 'stop' field: map[string]interface {}"],
  [{ logprobs: 21 }, 'top_logprobs must be between 0 and 20'],
  [{ prompt: ['a'] }, 'json: cannot unmarshal array into Go struct field CompletionRequest.prompt of type string'],
  [
    { temperature: 1e39 },
    'json: cannot unmarshal number 1e+39 into Go struct field CompletionRequest.temperature of type float32',
  ],
])('refuses %j', async (more, message) => {
  expect(await complete(more)).toMatchObject({ status: 400, text: refusal(message) })
})
