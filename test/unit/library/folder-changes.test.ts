import { AsyncResource, executionAsyncId } from 'node:async_hooks'
import { setImmediate as breath } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { FolderChanges } from '../../../main/library/folder-changes.ts'

const never = new AbortController().signal

function gate() {
  let open = () => {}
  const passed = new Promise<void>(resolve => {
    open = resolve
  })
  return { passed, open }
}

test('what holds the folder waits for changes under way, and new ones are refused', async () => {
  const changes = new FolderChanges()
  const { passed, open } = gate()
  const change = changes.run(() => passed)
  let holds = false
  const held = changes.hold(async () => {
    holds = true
  }, never)
  await breath()
  expect(holds).toBe(false)
  await expect(changes.run(async () => undefined)).rejects.toMatchObject({ code: 'models-moving', status: 503 })
  open()
  await Promise.all([change, held])
  expect(holds).toBe(true)
  expect(await changes.run(async () => 1)).toBe(1)
})

test('who gives up waiting, or fails, lets changes in again', async () => {
  const changes = new FolderChanges()
  const { passed, open } = gate()
  const change = changes.run(() => passed)
  const abort = new AbortController()
  const held = changes.hold(async () => undefined, abort.signal)
  abort.abort()
  await expect(held).rejects.toMatchObject({ name: 'AbortError' })
  open()
  await change
  const failed = changes.hold(() => Promise.reject(new Error('no')), never)
  await expect(failed).rejects.toThrow('no')
  expect(await changes.run(async () => 1)).toBe(1)
})

// A model's files are brought in before it is made of them: refused in between, all of that was for nothing.
test('a change under way goes on with the changes it is made of, and ends with none of their rights', async () => {
  const changes = new FolderChanges()
  const { passed, open } = gate()
  let later: (() => Promise<unknown>) | undefined
  const change = changes.run(async () => {
    await passed
    later = AsyncResource.bind(() => changes.run(async () => 'late'))
    return changes.run(async () => 'inner')
  })
  const held = changes.hold(async () => {
    await expect(later?.()).rejects.toMatchObject({ code: 'models-moving' })
  }, never)
  open()
  expect(await change).toBe('inner')
  await held
})

// A token of an answer passes some twenty promises on its way out of main, each of which costs more while it is
// watched.
test('no promise is watched when no change is under way', async () => {
  const numberOfPromise = () => Promise.resolve().then(executionAsyncId)
  expect(await numberOfPromise()).toBe(0)
  const changes = new FolderChanges()
  // Watched ones have numbers while there is work to tell apart. Node 24 and later tell it apart without.
  expect((await changes.run(numberOfPromise)) !== 0).toBe(Number.parseInt(process.versions.node, 10) < 24)
  await breath()
  expect(await numberOfPromise()).toBe(0)
})
