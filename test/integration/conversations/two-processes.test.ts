import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { Conversations } from '../../../main/conversations/conversations.ts'
import { Notices } from '../../../main/settings/notices.ts'
import { messagesOf } from '../../unit/conversations/messages-of.ts'
import { onDisk } from '../../unit/conversations/opened-hearth.ts'
import { ScriptedInference } from '../../unit/conversations/scripted-inference.ts'
import { temporaryHome } from '../../unit/conversations/temporary-home.ts'
import { AnsweringChild } from './child.ts'

async function open(home: string) {
  const inference = new ScriptedInference()
  const conversations = await Conversations.open({ home, inference, notices: new Notices() })
  onTestFinished(() => conversations.close())
  const messages = (conversationId: string) => messagesOf(conversations, conversationId)
  const ask = (content: string, conversationId: string | null = null, parentId: string | null = null) =>
    conversations.send({ conversationId, parentId, content, model: 'tiny' })
  return { inference, conversations, messages, ask }
}

test('a second process does not interrupt the reply of the first, and both write', async () => {
  const home = temporaryHome()
  const child = new AnsweringChild(home, 1)
  const id = (await child.reported('asked'))[0]?.words[1] ?? ''
  await child.reported('seen', 2)
  const { messages, ask, inference, conversations } = await open(home)
  const early = messages(id)[1]
  await vi.waitFor(() => expect(messages(id)[1]?.content.length).toBeGreaterThan((early?.content.length ?? 0) + 100))
  expect(messages(id)[1]?.state).toBe('streaming')
  const own = await ask('And here?')
  inference.last.write('Fine.')
  inference.last.finish()
  await vi.waitFor(() => expect(messages(own.conversationId)[1]).toMatchObject({ state: 'complete', content: 'Fine.' }))
  await conversations.close()
  await child.reported('seen', 100)
})

test('a conversation another process answers is busy, until that process is gone', async () => {
  const home = temporaryHome()
  const child = new AnsweringChild(home, 1)
  const id = (await child.reported('asked'))[0]?.words[1] ?? ''
  await child.reported('seen', 2)
  const { messages, ask, inference } = await open(home)
  const reply = messages(id)[1]
  await expect(ask('Me too?', id, reply?.id)).rejects.toMatchObject({ code: 'in-use' })
  await vi.waitFor(() => expect(onDisk(home)[1]?.parts).toMatch(/^word0 word1 /))
  await child.kill()
  await ask('Now?', id, reply?.id)
  expect(messages(id)[1]).toMatchObject({ state: 'interrupted', content: expect.stringMatching(/^word0 word1 /) })
  expect(inference.last.request.messages).toHaveLength(3)
})

test('six processes that start at once share one database', async () => {
  const home = temporaryHome()
  const children = Array.from({ length: 6 }, () => new AnsweringChild(home, 1))
  const asked = await Promise.all(children.map(async child => (await child.reported('asked'))[0]?.words[1] ?? ''))
  expect(children.flatMap(({ lines }) => lines.filter(({ words }) => words[0] === 'notice'))).toEqual([])
  await Promise.all(children.map(child => child.kill()))
  const { messages } = await open(home)
  for (const id of asked) expect(messages(id).map(({ state }) => state)).toEqual(['complete', 'interrupted'])
})

test('processes that find a damaged file at once set it aside once', async () => {
  const home = temporaryHome()
  writeFileSync(join(home, 'conversations.db'), 'no database at all')
  const children = Array.from({ length: 4 }, () => new AnsweringChild(home, 1))
  await Promise.all(children.map(child => child.reported('asked')))
  expect(readdirSync(home).filter(name => name.includes('set-aside'))).toHaveLength(1)
  expect(children.flatMap(({ lines }) => lines.filter(({ words }) => words[0] === 'notice'))).toHaveLength(1)
})

test('what killed processes leave in the locks folder is cleared up', async () => {
  const home = temporaryHome()
  const children = Array.from({ length: 3 }, () => new AnsweringChild(home, 0))
  await Promise.all(children.map(child => child.reported('open')))
  await Promise.all(children.map(child => child.kill()))
  const { conversations } = await open(home)
  expect(readdirSync(join(home, 'locks')).filter(name => !name.startsWith('opening'))).toHaveLength(1)
  await conversations.close()
  expect(readdirSync(join(home, 'locks')).filter(name => !name.startsWith('opening'))).toEqual([])
})
