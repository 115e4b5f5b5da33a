import { beforeEach, expect, test } from 'vitest'
import { type Ended, LongWork } from '../../../main/desktop/long-work.ts'
import type { Conversation } from '../../../preload/contract.ts'

let now: number
let told: Ended[]
let work: LongWork

beforeEach(() => {
  now = 0
  told = []
  work = new LongWork(
    ended => told.push(ended),
    () => now,
  )
})

const chat = (answering: boolean) => {
  const conversation = { id: 'c', title: 'Tea', answering: answering ? 'r' : null } as Conversation
  work.chats({ type: 'changed', conversation })
}

test('a long answer is told at its end, once', () => {
  chat(true)
  now = 12_000
  chat(true)
  chat(false)
  chat(false)
  expect(told).toEqual([{ kind: 'answer', conversationId: 'c', title: 'Tea' }])
})

// A note for every answer would be noise.
test('a short answer is not told', () => {
  chat(true)
  now = 3000
  chat(false)
  expect(told).toEqual([])
})

// At the start the list holds what was done long ago.
test('a model is told when it has come, not because it is there', () => {
  work.pulls([{ model: 'old', state: 'done' }])
  work.pulls([{ model: 'new', state: 'running' }])
  work.pulls([{ model: 'new', state: 'paused' }])
  work.pulls([{ model: 'new', state: 'done' }])
  work.pulls([{ model: 'new', state: 'done' }])
  expect(told).toEqual([{ kind: 'pull', model: 'new' }])
})

// Half a minute of shrinking is worth a note; a variant that is there at once, a trial and what is put away are not.
test('a model that took long to make is told at its end, once', () => {
  const making = (state: 'running' | 'done' | 'failed', trial = false) =>
    work.makings([{ id: trial ? 'trial' : 'm', model: 'pirate', state, trial }])
  making('running')
  now = 12_000
  making('running')
  making('done')
  making('done')
  expect(told).toEqual([{ kind: 'making', model: 'pirate' }])
  told = []
  making('running', true)
  now = 30_000
  making('done', true)
  making('running')
  now = 33_000
  making('done')
  making('running')
  now = 60_000
  work.makings([])
  making('done')
  expect(told).toEqual([])
})

// Hundreds of receipts take an hour: nobody sits there and looks.
test('a queue of a form is told at its end, once; a paused, a short and a deleted one are not', () => {
  const queue = (waiting: number) => work.forms([{ id: 'f', name: 'Receipt', waiting, failed: 2 }])
  queue(0)
  queue(3)
  now = 12_000
  queue(1)
  expect(told).toEqual([])
  queue(0)
  queue(0)
  // All of them may have failed: “read” they are not.
  expect(told).toEqual([{ kind: 'form', formId: 'f', name: 'Receipt', failed: 2 }])
  told = []
  queue(1)
  now = 14_000
  queue(0)
  queue(1)
  now = 40_000
  work.forms([])
  queue(0)
  expect(told).toEqual([])
})

test('a long move of the models is told when it has come or failed, not when it was cancelled', () => {
  const move = (state: 'waiting' | 'copying' | 'removing' | 'done' | 'failed' | 'cancelled') =>
    work.move({ to: '/disk', inPlace: false, state })
  work.move(null)
  for (const end of ['done', 'failed', 'cancelled'] as const) {
    move('waiting')
    move('copying')
    now += 12_000
    move(end)
    move(end)
  }
  move('waiting')
  move('done')
  expect(told).toEqual([
    { kind: 'move', to: '/disk', failed: false },
    { kind: 'move', to: '/disk', failed: true },
  ])
})
