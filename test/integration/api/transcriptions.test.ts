import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import OpenAI, { BadRequestError, InternalServerError, NotFoundError, toFile } from 'openai'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hearingProjector } from '../engine/random-projector.ts'
import { tone } from '../sounds.ts'
import { fixtures, post, startServer, type TestServer, upload } from './server.ts'

/** What half a minute of sound, the least that the encoder hears, takes of the prompt. */
const placesOfWindow = 150

let server: TestServer
let client: OpenAI
beforeAll(async () => {
  server = await startServer()
  client = new OpenAI({ baseURL: `${server.url}/v1`, apiKey: 'any', maxRetries: 0 })
  const projector = join(server.models, 'hearing.gguf')
  await writeFile(projector, hearingProjector(192))
  const [chat, hearing] = await upload(server.url, [join(fixtures, 'tiny-chat-q8_0.gguf'), projector])
  const files = { 'tiny-chat.gguf': chat, 'hearing.gguf': hearing }
  const created = await post(server.url, '/api/create', {
    model: 'hearer',
    files,
    parameters: { num_predict: 4 },
    stream: false,
  })
  expect(await created.json()).toEqual({ status: 'success' })
})
afterAll(() => server.close())

const file = (bytes: Buffer) => toFile(bytes, 'a.wav', { type: 'audio/wav' })
const failureOf = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  )

describe('a model that hears', () => {
  test('is told of as one', async () => {
    const shown = (await (await post(server.url, '/api/show', { model: 'hearer' })).json()) as {
      capabilities: string[]
    }
    expect(shown.capabilities).toContain('audio')
  })

  test('gets the sound into its prompt', async () => {
    const asked = async (images: string[]) => {
      const messages = [{ role: 'user', content: 'What is said?', images }]
      const options = { num_predict: 1 }
      const response = await post(server.url, '/api/chat', {
        model: 'hearer',
        messages,
        options,
        think: false,
        stream: false,
      })
      return ((await response.json()) as { prompt_eval_count: number }).prompt_eval_count
    }
    expect((await asked([tone(440).toString('base64')])) - (await asked([]))).toBeGreaterThanOrEqual(placesOfWindow)
  })

  test('hears the parts of a chat’s message, too', async () => {
    const asked = async (parts: OpenAI.ChatCompletionContentPart[]) => {
      const content = [{ type: 'text', text: 'What is said?' } as const, ...parts]
      const messages = [{ role: 'user', content } as const]
      const answer = await client.chat.completions.create({ model: 'hearer', messages, max_tokens: 1 })
      return answer.usage?.prompt_tokens ?? 0
    }
    const inputAudio = { data: tone(440).toString('base64'), format: 'wav' } as const
    const heard = await asked([{ type: 'input_audio', input_audio: inputAudio }])
    expect(heard - (await asked([]))).toBeGreaterThanOrEqual(placesOfWindow)
  })

  test('answers a form with JSON, and with plain text where that is wanted', async () => {
    const json = await client.audio.transcriptions.create({ model: 'hearer', file: await file(tone(440)) })
    expect(json).toEqual({ text: expect.any(String) })
    const form = { model: 'hearer', file: await file(tone(440)), response_format: 'text' } as const
    expect(await client.audio.transcriptions.create({ ...form, language: 'en', prompt: 'a name: Lena' })).toBeTypeOf(
      'string',
    )
  })

  test('takes a sound of more bytes than main reads itself, which another thread reads', async () => {
    const long = Buffer.concat([tone(440), Buffer.alloc(600_000)])
    long.writeUInt32LE(long.length - 8, 4)
    expect(await client.audio.transcriptions.create({ model: 'hearer', file: await file(long) })).toHaveProperty('text')
  })
})

test.each([
  ['a model that does not hear', 'hearth-demo', tone(440), InternalServerError, 'image input is not supported'],
  ['a model nobody has', 'nobody', tone(440), NotFoundError, "model 'nobody' not found"],
  ['no sound at all', 'hearer', Buffer.alloc(0), BadRequestError, 'audio file is empty'],
  ['what is no sound', 'hearer', Buffer.alloc(100, 'x'), BadRequestError, 'Failed to load image or audio file'],
] as const)('%s is an error of the client’s own class', async (_, model, bytes, kind, message) => {
  const error = await failureOf(client.audio.transcriptions.create({ model, file: await file(bytes as Buffer) }))
  expect(error).toBeInstanceOf(kind)
  expect((error as Error).message).toContain(message)
})

describe('a form that is none', () => {
  const form = (fields: Record<string, string>): FormData => {
    const data = new FormData()
    for (const [name, value] of Object.entries(fields)) data.set(name, value)
    return data
  }
  test.each<[string, RequestInit, string]>([
    ['no model', { body: form({ file: 'x' }) }, 'model is required'],
    ['no file', { body: form({ model: 'hearer' }) }, 'file is required: http: no such file'],
    ['a text for a file', { body: form({ model: 'hearer', file: 'x' }) }, 'file is required: http: no such file'],
    ['JSON', { body: '{}' }, "failed to parse multipart form: request Content-Type isn't multipart/form-data"],
    [
      'no boundary',
      { body: 'x', headers: { 'content-type': 'multipart/form-data' } },
      'failed to parse multipart form: no multipart boundary param in Content-Type',
    ],
    [
      'cut off',
      {
        body: '--b\r\nContent-Disposition: form-data; name="model"\r\n\r\nhea',
        headers: { 'content-type': 'multipart/form-data; boundary=b' },
      },
      'failed to parse multipart form: multipart: NextPart: EOF',
    ],
  ])('%s', async (_, init, message) => {
    const response = await fetch(`${server.url}/v1/audio/transcriptions`, { method: 'POST', ...init })
    expect([response.status, await response.json()]).toEqual([
      400,
      { error: { message, type: 'invalid_request_error', param: null, code: null } },
    ])
  })
})
