import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { eachOf } from '../../../main/portions.ts'
import { createSeer, linesOf, post, startServer, type TestServer } from '../api/server.ts'
import { blueSquare, draw, pictureCases, pictureFile, redCircle } from '../pictures.ts'

let server: TestServer
beforeAll(async () => {
  server = await startServer()
  await createSeer(server.url)
})
afterAll(() => server.close())

const options = { temperature: 0, num_predict: 60 }
const encoded = (pictures: readonly Buffer[]) => pictures.map(picture => picture.toString('base64'))
const asking = (content: string, ...pictures: Buffer[]) => ({ role: 'user', content, images: encoded(pictures) })
const answered = (content: string) => ({ role: 'assistant', content })

interface Reply {
  status: number
  error?: string
  message?: { content: string; thinking?: string }
  response?: string
  context?: number[]
  prompt_eval_count?: number
  done_reason?: string
}

async function send(path: string, body: object): Promise<Reply> {
  const response = await post(server.url, path, { model: 'seer', stream: false, think: false, options, ...body })
  return { status: response.status, ...((await response.json()) as object) }
}

async function chat(...messages: object[]): Promise<string | undefined> {
  return (await send('/api/chat', { messages })).message?.content
}

describe('a model made of a model and a projector', () => {
  it('is listed as one that sees', async () => {
    const shown = (await (await post(server.url, '/api/show', { model: 'seer' })).json()) as Record<string, unknown>
    expect(shown.capabilities).toEqual(expect.arrayContaining(['completion', 'vision']))
    expect(shown.projector_info).toMatchObject({ 'general.architecture': 'clip' })
  })

  // What llama-server answers to the same messages; the picture stands behind the text, as upstream puts it.
  const cases = pictureCases().filter(({ pictureFirst }) => !pictureFirst)
  it.each(cases.slice(0, 8))('answers "$question" with "$answer"', async ({ question, picture, answer }) => {
    expect(await chat(asking(question, picture))).toBe(answer)
  })

  it('names shape and colour of what a test draws, in a stream', async () => {
    const messages = [asking('What do you see?', draw([redCircle]))]
    const lines = await linesOf<Reply & { done: boolean }>(
      await post(server.url, '/api/chat', { model: 'seer', think: false, options, messages }),
    )
    expect(lines.map(({ message }) => message?.content).join('')).toBe('A red circle.')
    expect(lines.length).toBeGreaterThan(3)
    expect(lines.at(-1)).toMatchObject({ done: true, done_reason: 'stop' })
  })

  it('still sees a picture of an earlier turn', async () => {
    const before = [asking('What do you see?', draw([blueSquare])), answered('A square.')]
    expect(await chat(...before, asking('What do you see?'))).toContain('blue square')
    expect(await chat(...before, asking('What is the capital of France?'))).toContain('Paris')
  })

  it('gets the pictures of a message and of a conversation in their order', async () => {
    const [circle, square] = [draw([redCircle]), draw([blueSquare])]
    // The fixture model looks at the first picture alone.
    expect(await chat(asking('What do you see?', circle, square))).toBe('A red circle.')
    expect(await chat(asking('What do you see?', square, circle))).toBe('A blue square.')
    const turns = [asking('What do you see?', square), answered('A blue square.'), asking('What do you see?', circle)]
    expect(await chat(...turns)).toBe('A blue square.')
  })

  it('sees through /api/generate as well, raw and rendered', async () => {
    const images = encoded([draw([redCircle])])
    const { response, context, prompt_eval_count } = await send('/api/generate', { prompt: 'What do you see?', images })
    expect(response).toBe('A red circle.')
    expect(prompt_eval_count).toBeGreaterThan(64)
    // A picture is no token and stays out of what a client may send back.
    expect(context?.every(token => token >= 0)).toBe(true)

    const prompt = '<|im_start|>user\n[img-0]What do you see?<|im_end|>\n<|im_start|>assistant\n<think>\n\n</think>\n\n'
    expect((await send('/api/generate', { raw: true, prompt, images })).response).toBe('A red circle.')
  })

  it('sees through the endpoints of OpenAI’s and Anthropic’s clients, too', async () => {
    const data = draw([redCircle]).toString('base64')
    const url = `data:image/png;base64,${data}`
    const text = 'What do you see?'
    const asked = async (path: string, body: object) =>
      (await post(server.url, path, { model: 'seer', temperature: 0, ...body })).text()
    const parts = [
      { type: 'image_url', image_url: { url } },
      { type: 'text', text },
    ]
    const chat = { messages: [{ role: 'user', content: parts }], reasoning_effort: 'none', max_tokens: 60 }
    expect(await asked('/v1/chat/completions', chat)).toContain('red circle')
    const input = [
      {
        role: 'user',
        content: [
          { type: 'input_text', text },
          { type: 'input_image', image_url: url },
        ],
      },
    ]
    expect(await asked('/v1/responses', { input, reasoning: { effort: 'none' } })).toContain('A red circle.')
    const source = { type: 'base64', media_type: 'image/png', data }
    const messages = [
      {
        role: 'user',
        content: [
          { type: 'text', text },
          { type: 'image', source },
        ],
      },
    ]
    const thinking = { type: 'disabled' }
    expect(await asked('/v1/messages', { messages, thinking, max_tokens: 60 })).toContain('A red circle.')
  })

  it('reads WebP, which llama.cpp does not', async () => {
    expect(await chat(asking('What do you see?', pictureFile('red-circle-lossy.webp')))).toBe('A red circle.')
  })

  it('answers within a schema about a picture', async () => {
    const format = { type: 'object', properties: { colour: { enum: ['red', 'blue'] } }, required: ['colour'] }
    const messages = [asking('What do you see?', draw([redCircle]))]
    const { message } = await send('/api/chat', { messages, format })
    expect(JSON.parse(message?.content ?? '')).toEqual({ colour: expect.stringMatching(/^(red|blue)$/) })
  })

  it('thinks first and then answers within a grammar, the picture still before it', async () => {
    const messages = [asking('What do you see?', draw([redCircle]))]
    const { status, message } = await send('/api/chat', { messages, think: true, format: { const: 'a circle' } })
    expect(status).toBe(200)
    expect(message?.content).toBe('"a circle"')
  })

  it('answers without pictures, in a context that has room for some', async () => {
    expect(await chat(asking('What is the capital of France?'))).toContain('Paris')
    const context = await fetch(`${server.url}/api/ps`).then(response => response.json())
    // Where the asked context is smaller than a picture needs, it is not (upstream server/sched.go).
    await send('/api/chat', { messages: [asking('Hello')], options: { ...options, num_ctx: 64 } })
    const smaller = await fetch(`${server.url}/api/ps`).then(response => response.json())
    for (const { models } of [context, smaller] as { models: object[] }[]) {
      expect(models).toMatchObject([{ name: 'seer:latest', context_length: 2048 }])
    }
  })

  it('shows where a picture stands without looking at it', async () => {
    const messages = [asking('What do you see?', Buffer.from('no picture'))]
    const reply = await send('/api/chat', { messages, _debug_render_only: true })
    expect(reply).toMatchObject({
      _debug_info: { image_count: 1, rendered_template: expect.stringContaining('What do you see?[img-0]') },
    })
  })
})

describe('wrong pictures', () => {
  it('are refused in words, and the next request is answered', async () => {
    const messages = [asking('What do you see?', Buffer.from('no picture at all, but long enough'))]
    expect(await send('/api/chat', { messages })).toEqual({
      status: 400,
      error: 'Failed to load image or audio file: it is neither a picture nor a sound in a format known here',
    })
    expect(await send('/api/generate', { prompt: 'x', images: [''] })).toEqual({
      status: 400,
      error: 'Failed to load image or audio file: the file is empty',
    })
    expect(await chat(asking('What do you see?', draw([redCircle])))).toBe('A red circle.')
  })

  it('a number that no picture has, and a marker that somebody wrote, place nothing', async () => {
    const picture = draw([redCircle])
    expect(await send('/api/chat', { messages: [asking('What is [img-7]?', picture)] })).toEqual({
      status: 400,
      error: 'invalid image index: 7',
    })
    expect((await send('/api/chat', { messages: [asking('<__media__> What do you see?', picture)] })).status).toBe(200)
    expect((await send('/api/chat', { messages: [asking('<__media__> What do you see?')] })).status).toBe(200)
  })

  it('more pictures than fit are too long a prompt', async () => {
    const messages = [asking('What do you see?', ...Array.from({ length: 40 }, () => draw([redCircle], 16)))]
    expect(await send('/api/chat', { messages })).toMatchObject({
      status: 400,
      error: expect.stringContaining('longer than the context length'),
    })
  })

  it('a model of text alone says that it cannot see', async () => {
    const messages = [asking('What do you see?', draw([redCircle]))]
    expect(await send('/api/chat', { model: 'hearth-demo', messages })).toEqual({
      status: 500,
      error: 'image input is not supported - hint: if this is unexpected, you may need to provide the mmproj',
    })
  })
})

describe('a chat with a model that cannot see', () => {
  const picture = draw([redCircle])
  const question = { role: 'user', content: 'What is in this picture?', images: [picture] }
  const answer = async (messages: { role: string; content: string; images?: Buffer[] }[]) => {
    let text = ''
    const request = { model: 'hearth-demo', messages, forPerson: true, think: false, options }
    for await (const event of eachOf(server.hearth.inference.chat(request)))
      if (event.type === 'delta') text += event.content
    return text
  }

  it('goes on without the pictures of earlier questions', async () => {
    const later = { role: 'user', content: 'What is the capital of France?' }
    expect(await answer([question, answered('A red circle.'), later])).toContain('Paris')
  })

  it('refuses those of the last one', async () => {
    await expect(answer([question])).rejects.toMatchObject({ code: 'cannot-see', status: 500 })
  })
})
