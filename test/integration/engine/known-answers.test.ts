import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { answer, ask, chatModel, chatPrompt, fixture, startEngine } from './engine.ts'

interface Known {
  readonly path: string
  readonly body: {
    readonly messages?: readonly { readonly role: string; readonly content: unknown }[]
    readonly tools?: unknown
    readonly response_format?: unknown
    readonly chat_template_kwargs?: { readonly enable_thinking?: boolean }
  }
  readonly answer: string
}

/** Conversations of plain text; the rest needs a template, tools or pictures, which are no matter of the engine. */
const conversations = (JSON.parse(readFileSync(fixture('known-good.json'), 'utf8')) as Known[]).filter(
  ({ path, body }) =>
    path === '/v1/chat/completions' &&
    !body.tools &&
    !body.response_format &&
    body.chat_template_kwargs?.enable_thinking === false &&
    body.messages?.every(({ role, content }) => role !== 'system' && typeof content === 'string'),
)

it("answers word for word as llama.cpp's own server did, four at a time in one batch", async () => {
  expect(conversations.length).toBeGreaterThan(150)
  const engine = await startEngine({ ...chatModel, contextSize: 1024, slots: 4 })
  try {
    const answers = await Promise.all(
      conversations.map(async ({ body }) => {
        const prompt = chatPrompt(...body.messages!.map(({ content }) => content as string))
        return (await answer(engine, ask(prompt, { maxTokens: 400 }))).text.trim()
      }),
    )
    expect(answers).toEqual(conversations.map(known => known.answer.trim()))
  } finally {
    await engine.dispose()
  }
})
