import { expect, test } from 'vitest'
import { persist } from '../../../../main/library/registry/persist.ts'

const options = { signal: new AbortController().signal, backoff: () => 0 }

/** Fails as often as it is told to, then succeeds. */
function failing(times: number, error: Error) {
  let attempts = 0
  return async () => {
    if (attempts++ < times) throw error
    return attempts
  }
}

const stalled = Object.assign(new Error('Body Timeout Error'), { code: 'UND_ERR_BODY_TIMEOUT' })
const cut = Object.assign(new Error('other side closed'), { code: 'UND_ERR_SOCKET' })

test('a connection that falls silent again and again is made anew each time, and never counted as a try', async () => {
  expect(await persist(failing(20, stalled), options)).toBe(21)
})

test('one that is cut is given up after six fruitless tries', async () => {
  expect(await persist(failing(5, cut), options)).toBe(6)
  await expect(persist(failing(6, cut), options)).rejects.toThrow('max retries exceeded: other side closed')
})

test('what a file system says is not tried again', async () => {
  const full = Object.assign(new Error('ENOSPC'), { code: 'ENOSPC', syscall: 'write' })
  await expect(persist(failing(1, full), options)).rejects.toBe(full)
})
