import { setTimeout as delay } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { Conversations } from '../../../main/conversations/conversations.ts'
import { Notices } from '../../../main/settings/notices.ts'
import type { Notice } from '../../../preload/contract.ts'
import { messagesOf } from '../../unit/conversations/messages-of.ts'
import { ScriptedInference } from '../../unit/conversations/scripted-inference.ts'
import { temporaryHome } from '../../unit/conversations/temporary-home.ts'
import { AnsweringChild } from './child.ts'

async function reopen(home: string) {
  const notices = new Notices()
  let told: Notice[] = []
  notices.watch(all => {
    told = all
  })
  const conversations = await Conversations.open({ home, inference: new ScriptedInference(), notices })
  onTestFinished(() => conversations.close())
  const messages = (conversationId: string) => messagesOf(conversations, conversationId)
  return { conversations, messages, told: () => told }
}

const words = (count: number) => Array.from({ length: count }, (_, index) => `word${index} `).join('')

// Moments at which a save is due, under way, or just over.
test.each([700, 1_600])(
  'kill -9 after %i ms of three answers: the questions are there, and at most a second of text is lost',
  async ms => {
    const home = temporaryHome()
    const child = new AnsweringChild(home, 3)
    const asked = (await child.reported('asked', 3)).map(({ words }) => words[1] ?? '')
    await child.reported('seen', 4)
    await delay(ms)
    const killedAt = performance.now()
    await child.kill()
    // Whenever the machine gave the child no turn, or the disk no write, it has taken that from the second.
    const moments = [...child.lines.map(({ at }) => at), killedAt]
    const pauses = moments.map((at, index) => at - (moments[index - 1] ?? at))
    const stoodStill = pauses.filter(pause => pause > 50).reduce((sum, pause) => sum + pause, 0)
    const { messages, told } = await reopen(home)
    expect(told()).toEqual([])
    for (const id of asked) {
      const [question, answer] = messages(id)
      expect(question?.content).toMatch(/^Question \d\?$/)
      expect(answer?.state).toBe('interrupted')
      // No gap, nothing twice.
      expect(words(2_000).startsWith(answer?.content ?? '')).toBe(true)
      const aSecondBefore = child.lines.filter(({ at, words }) => words[1] === id && at < killedAt - 1_000 - stoodStill)
      const seen = Number(aSecondBefore.findLast(({ words }) => words[0] === 'seen')?.words[2] ?? 0)
      expect(answer?.content.length).toBeGreaterThanOrEqual(seen)
    }
  },
)

test('kill -9 in the moment a question is taken: it is on disk, and can be answered anew', async () => {
  const home = temporaryHome()
  const child = new AnsweringChild(home, 1)
  const [asked] = await child.reported('asked')
  await child.kill()
  const { conversations, messages } = await reopen(home)
  const [question, answer] = messages(asked?.words[1] ?? '')
  expect(question).toMatchObject({ content: 'Question 0?', state: 'complete' })
  expect(answer?.state).toBe('interrupted')
  await conversations.regenerate({ messageId: answer?.id ?? '', model: 'tiny' })
})

test('kill -9 while six processes start at once on an empty home: the next start has a sound, empty database', async () => {
  const home = temporaryHome()
  const children = Array.from({ length: 6 }, () => new AnsweringChild(home, 0))
  await Promise.race(children.map(child => child.reported('open')))
  await Promise.all(children.map(child => child.kill()))
  const { conversations, told } = await reopen(home)
  expect(told()).toEqual([])
  conversations.watchList(event => expect(event).toEqual({ type: 'all', conversations: [], folders: [] }))()
})
