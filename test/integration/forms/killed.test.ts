import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { Forms } from '../../../main/forms/forms.ts'
import type { ChatRequest, InferenceEvent } from '../../../main/inference/requests.ts'
import type { Form, FormRow } from '../../../preload/contract.ts'
import { singly } from '../../portions.ts'
import { temporaryHome } from '../../unit/conversations/temporary-home.ts'

/** A running queue-child.ts. */
function startChild(home: string, rows: number, then = '') {
  const script = join(import.meta.dirname, 'queue-child.ts')
  const child: ChildProcess = spawn(process.execPath, ['--import', 'tsx', script, home, String(rows), then])
  let out = ''
  child.stdout?.on('data', data => {
    out += data
  })
  const exited = once(child, 'exit')
  const kill = async () => {
    child.kill('SIGKILL')
    await exited
  }
  onTestFinished(kill)
  return { said: (line: string) => expect.poll(() => out).toContain(`${line}\n`), kill }
}

/** Forms in this process, with a model that answers at once. */
function open(home: string) {
  const asked: string[] = []
  async function* chat({ messages }: ChatRequest): AsyncGenerator<InferenceEvent> {
    const number = /row (\d+)/.exec(messages.at(-1)?.content ?? '')?.[1] ?? ''
    asked.push(number)
    yield { type: 'delta', content: `{"number": ${number}}` }
    yield { type: 'done', reason: 'stop' }
  }
  const forms = new Forms({
    home,
    inference: { chat: request => singly(chat(request)) },
    checkFormat: async () => undefined,
    transcript: async () => ({ title: 'The chat', text: 'User: row 8', pictures: [] }),
  })
  onTestFinished(() => forms.close())
  let list: Form[] = []
  const problems: string[] = []
  forms.watchList(event => {
    if (event.type === 'forms') list = event.forms
    else problems.push(event.problem.code)
  })
  const rows = (formId: string) => {
    const all: FormRow[] = []
    forms.watchRows(formId, event => {
      if (event.type === 'all') all.push(...event.rows)
    })()
    return all
  }
  return { forms, asked, problems, list: () => list, rows }
}

test('kill -9 in the middle of a queue: what was done stays, what ran is run again, the rest goes on', async () => {
  const home = temporaryHome()
  const child = startChild(home, 6)
  await child.said('begun 2')
  await child.kill()
  const { asked, list, rows } = open(home)
  await expect.poll(() => list()[0]?.waiting).toBe(0)
  expect(asked).toEqual(['2', '3', '4', '5'])
  expect(rows(list()[0]?.id ?? '').map(({ state, answer }) => ({ state, answer }))).toEqual(
    Array.from({ length: 6 }, (_, number) => ({ state: 'done', answer: { number } })),
  )
})

test('kill -9 of a paused queue: nothing is run until it is resumed, then all of it is', async () => {
  const home = temporaryHome()
  const child = startChild(home, 6, 'pause')
  await child.said('paused')
  await child.kill()
  const { forms, asked, list, rows } = open(home)
  await expect.poll(() => list()[0]).toMatchObject({ paused: true, batch: 6 })
  const formId = list()[0]?.id ?? ''
  const waiting = rows(formId).flatMap(({ state }, number) => (state === 'waiting' ? [String(number)] : []))
  expect(waiting.length).toBeGreaterThanOrEqual(4)
  // The queue has been looked at by the time a later call is through.
  await forms.change({ formId, name: 'Paused' })
  expect(asked).toEqual([])
  await forms.resume(formId)
  await expect.poll(() => list()[0]?.waiting).toBe(0)
  expect(asked).toEqual(waiting)
  expect(rows(formId).map(({ answer }) => answer)).toEqual(Array.from({ length: 6 }, (_, number) => ({ number })))
})

// Handed over a hundred at a time by the window, the rest was not run, and nothing had shown what was to come.
test('kill -9 while rows are made of a long list: all of it waits at once, and the rest is made', async () => {
  const home = temporaryHome()
  const child = startChild(home, 70, 'list')
  await child.said('made')
  await child.kill()
  const { forms, list, rows } = open(home)
  const counts: (number | undefined)[] = []
  forms.watchList(event => {
    if (event.type === 'forms') counts.push(event.forms[0]?.batch)
  })
  await expect.poll(() => list()[0]?.rows).toBe(71)
  expect(new Set(counts)).toEqual(new Set([71]))
  await expect.poll(() => list()[0]?.waiting).toBe(0)
  const names = rows(list()[0]?.id ?? '').map(({ source }) => source.name)
  expect(names).toEqual([...Array.from({ length: 70 }, (_, number) => `row ${number}`), 'The chat'])
})

// Taken for a victim again and again, one source would end the app at every start, for ever.
test('a source that ends the process twice is left out, and the others are run', async () => {
  const home = temporaryHome()
  const first = startChild(home, 4)
  await first.said('begun 2')
  await first.kill()
  const second = startChild(home, 0)
  await second.said('begun 2')
  await second.kill()
  const { list, rows } = open(home)
  await expect.poll(() => list()[0]?.waiting).toBe(0)
  const states = rows(list()[0]?.id ?? '').map(({ state, problem }) => problem?.code ?? state)
  expect(states).toEqual(['done', 'done', 'interrupted', 'done'])
})

test('two processes at once: the second says that it cannot, and takes over when the first is gone', async () => {
  const home = temporaryHome()
  const child = startChild(home, 3)
  await child.said('begun 2')
  const { problems, list } = open(home)
  await expect.poll(() => problems).toContain('database')
  expect(list()).toEqual([])
  await child.kill()
  await expect.poll(() => list()[0]?.waiting).toBe(0)
})
