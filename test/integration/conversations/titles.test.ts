import { expect, test, vi } from 'vitest'
import { startHearth } from '../hearth.ts'

test('a real model names a chat after its first answer, and the chat goes on as if it had not', async () => {
  const { hearth, end } = await startHearth()
  try {
    const titles = new Map<string, string>()
    hearth.conversations.watchList(event => {
      if (event.type === 'changed') titles.set(event.conversation.id, event.conversation.title)
    })
    const model = 'hearth-demo'
    const first = await hearth.conversations.send({
      ...{ conversationId: null, parentId: null, content: 'I want to travel to Antwerp. What should I see?', model },
    })
    const { conversationId } = first
    await vi.waitFor(() => expect(titles.get(conversationId)).toMatch(/^Trip to Antwerp$/))
    await hearth.conversations.send({ conversationId, parentId: first.replyId, content: 'My name is Lena.', model })
    let last = ''
    hearth.conversations.watch(conversationId, event => {
      if (event.type === 'message') last = event.message.state === 'complete' ? event.message.content : ''
    })
    await vi.waitFor(() => expect(last).toContain('Lena'))
  } finally {
    await end()
  }
})
