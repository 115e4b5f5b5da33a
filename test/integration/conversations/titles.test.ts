import { expect, test, vi } from 'vitest'
import { startHearth } from '../hearth.ts'

test('a real model names a chat after its first answer, and the chat goes on as if it had not; the demo names none', async () => {
  const { hearth, end } = await startHearth()
  try {
    const titles = new Map<string, string>()
    hearth.conversations.watchList(event => {
      if (event.type === 'changed') titles.set(event.conversation.id, event.conversation.title)
    })
    const answers = new Map<string, string>()
    const ask = async (content: string, model: string, conversationId: string | null, parentId: string | null) => {
      const sent = await hearth.conversations.send({ conversationId, parentId, content, model })
      hearth.conversations.watch(sent.conversationId, event => {
        if (event.type !== 'message' || event.message.state !== 'complete') return
        answers.set(event.message.id, event.message.content)
      })
      return sent
    }
    const demos = await ask('Why is the sky blue?', 'hearth-demo', null, null)
    await vi.waitFor(() => expect(answers.get(demos.replyId)).toBeDefined())

    const model = 'namer'
    await hearth.library.copy('hearth-demo', model)
    const first = await ask('I want to travel to Antwerp. What should I see?', model, null, null)
    const { conversationId } = first
    await vi.waitFor(() => expect(titles.get(conversationId)).toMatch(/^Trip to Antwerp$/))
    // Its turn came before.
    expect(titles.get(demos.conversationId)).toBe('Why is the sky blue?')
    const second = await ask('My name is Lena.', model, conversationId, first.replyId)
    await vi.waitFor(() => expect(answers.get(second.replyId)).toContain('Lena'))
  } finally {
    await end()
  }
})
