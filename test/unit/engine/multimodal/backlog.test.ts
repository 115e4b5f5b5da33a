import { expect, it } from 'vitest'
import type { GenerateEvent } from '../../../../main/engine/engine.ts'
import { Backlog } from '../../../../main/engine/multimodal/backlog.ts'
import { eventWindow, type FromEngine } from '../../../../main/engine/protocol.ts'

const text = (index: number): GenerateEvent => ({ type: 'text', text: `${index}` })
const end = { type: 'end', reason: 'stop' } as GenerateEvent

async function sentBy(work: (backlog: Backlog, sent: () => readonly GenerateEvent[]) => Promise<void>) {
  const events: GenerateEvent[] = []
  let ended = 0
  const post = (message: FromEngine) => {
    if (message.type === 'events') events.push(...message.answers.flatMap(answer => answer.events))
  }
  const backlog = new Backlog(post, 1, () => ended++)
  await work(backlog, () => events)
  return { events, ended }
}

const settle = () => new Promise(resolve => setTimeout(resolve, 10))

it('sends no more than the window to a reader who takes nothing, and the rest in order when he does', async () => {
  const { events, ended } = await sentBy(async (backlog, sent) => {
    for (let index = 0; index < eventWindow * 3; index++) backlog.add(text(index))
    backlog.add(end)
    await settle()
    expect(sent()).toHaveLength(eventWindow)
    for (let taken = 0; taken < 13; taken++) {
      backlog.taken(64)
      await settle()
    }
  })
  expect(events).toEqual([...Array.from({ length: eventWindow * 3 }, (_, index) => text(index)), end])
  expect(ended).toBe(1)
})

it('sends nothing more once it is disposed', async () => {
  const { events, ended } = await sentBy(async backlog => {
    for (let index = 0; index < eventWindow + 10; index++) backlog.add(text(index))
    await settle()
    backlog.dispose()
    backlog.taken(eventWindow)
    await settle()
  })
  expect(events).toHaveLength(eventWindow)
  expect(ended).toBe(0)
})

it('sends what waits when the answer fails, and nothing after it', async () => {
  const { events } = await sentBy(async (backlog, sent) => {
    backlog.add(text(0))
    await settle()
    backlog.add(text(1))
    backlog.fail()
    expect(sent()).toEqual([text(0), text(1)])
    backlog.taken(2)
    await settle()
  })
  expect(events).toEqual([text(0), text(1)])
})
