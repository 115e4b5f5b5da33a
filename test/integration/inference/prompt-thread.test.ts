import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import type { PromptSource } from '../../../main/inference/prompt/prompt-source.ts'
import { PromptThread } from '../../../main/inference/prompt/prompt-thread.ts'
import { renderPrompt } from '../../../main/inference/prompt/render.ts'
import type { ChatMessage } from '../../../main/inference/requests.ts'

const thread = new PromptThread(join(import.meta.dirname, '../../../out/main/prompt-worker.js'))
afterAll(() => thread.close())

const shows = '{{ range .Messages }}{{ .Content }}|{{ end }}'
const user = (content: string, ...images: Uint8Array[]): ChatMessage => ({ role: 'user', content, images })

function source(messages: readonly ChatMessage[], template: string, tools: readonly object[] = []): PromptSource {
  const said = { messages, tools: tools as never[], renamesTools: false, drops: true, oneImage: false }
  return {
    content: { kind: 'conversation', template: { kind: 'go', source: template }, ...said },
    tokens: { addsBos: false },
  }
}

/** A token for every character. */
const room = (contextSize: number, drops = true) => ({
  contextSize,
  drops,
  tokensPerImage: 10,
  countTokens: async (text: string) => text.length,
})

test('a prompt is the one that main would have rendered, large requests included', async () => {
  const tools = Array.from({ length: 3000 }, (_, index) => ({
    type: 'function',
    function: { name: `tool ${index}`, parameters: { type: 'object', properties: { 'a b': { type: 'string' } } } },
  }))
  for (const asked of [source([user('hi')], shows), source([user('hi')], `{{ .Tools }}${shows}`, tools)]) {
    expect(await thread.render(asked, room(10_000_000))).toEqual(await renderPrompt(asked))
  }
})

test('main counts the tokens, and the pictures of dropped messages are gone', async () => {
  const [a, b, c] = [new Uint8Array([1]), new Uint8Array([2]), new Uint8Array([3])]
  const chat = [user('x'.repeat(50), a), { role: 'assistant', content: 'y' }, user('z', b, c)]
  expect(await thread.render(source(chat, shows), room(40))).toEqual({
    text: 'y|[img-0][img-1]z|',
    images: [b, c],
    messages: 2,
  })
  expect((await thread.render(source(chat, shows), room(40, false))).images).toEqual([a, b, c])
})

test('of a text of megabytes that cannot fit the ends come back', async () => {
  const { text } = await thread.render(source([user(`start${'x'.repeat(9_000_000)}end`)], shows), room(100))
  expect(text.length).toBeLessThan(100_000)
  expect(text).toMatch(/^start[\s\S]*end\|$/)
})

test('a template’s own errors are those of the prompt', async () => {
  await expect(thread.render(source([user('hi')], '{{ nope }}'), room(100))).rejects.toMatchObject({
    status: 500,
    message: 'template: :1: function "nope" not defined',
  })
  await expect(thread.render(source([user('hi')], '{{ range 9000000000 }}{{ end }}'), room(100))).rejects.toMatchObject(
    {
      status: 500,
      message: expect.stringContaining('takes too long'),
    },
  )
})

test('while a slow template is tried on ever less of a chat, others are rendered', async () => {
  const slow = `{{ range 300000 }}{{ end }}${shows}`
  const ended: string[] = []
  const chat = Array.from({ length: 1000 }, (_, index) => user(`${index}`.repeat(50)))
  await Promise.all([
    thread.render(source(chat, slow), room(200)).then(() => ended.push('slow')),
    thread.render(source([user('hi')], shows), room(200)).then(() => ended.push('quick')),
  ])
  expect(ended).toEqual(['quick', 'slow'])
})

test('who waits for a thread that ends is told, and the next prompt gets another', async () => {
  const waiting = thread.render(source([user('hi')], '{{ range 9000000000 }}{{ end }}'), room(100))
  const told = expect(waiting).rejects.toMatchObject({ status: 500, message: 'the thread that renders prompts ended' })
  await thread.close()
  await told
  expect((await thread.render(source([user('hi')], shows), room(100))).text).toBe('hi|')
})
