import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { JobThread } from '../../../main/threads/job-thread.ts'

type Wish = 'echo' | 'fail' | 'die' | 'wait' | 'settings' | 'count'

let folder: string
let path: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hearth-thread-'))
  path = join(folder, 'worker.mjs')
  await writeFile(
    path,
    `import { parentPort, threadId, workerData } from 'node:worker_threads'
     parentPort.on('message', ([job, wish]) => {
       if (wish === 'echo') parentPort.postMessage([job, { said: threadId }])
       if (wish === 'settings') parentPort.postMessage([job, { said: workerData }])
       if (wish === 'count') for (const said of [1, 2, 3]) parentPort.postMessage([job, { said }])
       if (wish === 'fail') parentPort.postMessage([job, { failed: { code: 'busy', status: 503, message: 'no' } }])
       if (wish === 'die') throw new Error('the worker fell over')
     })`,
  )
})
afterAll(() => rm(folder, { recursive: true }))

const named = 'the thread of this test'
const started = (idleTime?: number) => new JobThread<Wish, number>({ path, name: named, idleTime })
async function asked(thread: JobThread<Wish, number>, wish: Wish): Promise<number> {
  const job = thread.begin()
  return job.ask(wish).finally(() => job.end())
}

test('a failure of one job is that job’s', async () => {
  const thread = started()
  const [first, second] = await Promise.allSettled([asked(thread, 'fail'), asked(thread, 'echo')])
  expect(first).toMatchObject({ status: 'rejected', reason: { code: 'busy', status: 503, message: 'no' } })
  expect(second.status).toBe('fulfilled')
  await thread.close()
})

test('words that come unasked are overheard in order, and do not stand for the one that was asked for', async () => {
  const thread = started()
  const heard: number[] = []
  const job = thread.begin(said => said < 3 && heard.push(said) > 0)
  expect([await job.ask('count'), heard]).toEqual([3, [1, 2]])
  job.end()
  await thread.close()
})

test('a thread finds what it was given to know', async () => {
  const thread = new JobThread<Wish, number>({ path, name: named, settings: 42 })
  expect(await asked(thread, 'settings')).toBe(42)
  await thread.close()
})

test('a thread that falls over takes the jobs it had, and no later one', async () => {
  const thread = started()
  const began = thread.begin()
  const gone = { status: 500, message: `${named} ended`, details: 'the worker fell over' }
  await expect(Promise.all([asked(thread, 'die'), asked(thread, 'wait')])).rejects.toMatchObject(gone)
  await asked(thread, 'echo')
  // The new thread knows nothing of a job that the old one was told about.
  await expect(began.ask('echo')).rejects.toMatchObject({ message: `${named} ended` })
  began.end()
  await thread.close()
})

test('a job that begins while the idle thread is being ended gets a thread of its own', async () => {
  const thread = started()
  const first = await asked(thread, 'echo')
  const closing = thread.close()
  expect(await asked(thread, 'echo')).not.toBe(first)
  await closing
  expect(await asked(thread, 'echo')).toBeGreaterThan(first)
  await thread.close()
})

test('a thread without work is ended after a while, one with work is not', async () => {
  const thread = started(20)
  const first = await asked(thread, 'echo')
  await expect.poll(() => asked(thread, 'echo'), { interval: 200 }).not.toBe(first)
  await thread.close()
})

// A pull of what is all here already would leave two threads behind, each with the memory of an empty one.
test('a thread that was started ahead, and for nothing, is ended as well', async () => {
  const other = started()
  const latest = await asked(other, 'echo')
  await other.close()
  const thread = started(20)
  thread.start()
  await pause(500)
  expect(await asked(thread, 'echo')).toBe(latest + 2)
  await thread.close()
})
