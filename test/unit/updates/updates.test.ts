import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, describe, expect, test, vi } from 'vitest'
import type { Updater } from '../../../main/updates/updater.ts'
import { type UpdateState, Updates, type UpdatesOptions } from '../../../main/updates/updates.ts'
import type { Settings } from '../../../preload/contract.ts'

type Mode = Settings['updates']

let open: Updates[] = []

afterEach(() => {
  for (const updates of open) updates.close()
  open = []
})

/** An updater whose server has version 2. */
function updater<T extends Partial<Updater>>(change: T = {} as T) {
  return {
    silent: true,
    check: vi.fn(async () => '2.0.0' as string | undefined),
    download: vi.fn(async (onProgress: (fraction: number) => void) => onProgress(0.5)),
    install: vi.fn(() => true),
    ...change,
  }
}

function start(mode: Mode, options: Partial<UpdatesOptions> = {}) {
  let change: (settings: { updates: Mode }) => void = () => {}
  const quit = vi.fn()
  const updates = new Updates({
    updater: updater(),
    settings: {
      watch: listener => {
        change = listener
        listener({ updates: mode })
        return () => {}
      },
    },
    busy: () => false,
    quit,
    times: { first: 0, between: 3_600_000, patience: 1 },
    ...options,
  })
  open.push(updates)
  const states: string[] = []
  let last: UpdateState | undefined
  updates.watch(update => {
    last = update
    if (states.at(-1) !== update.state) states.push(update.state)
  })
  return { updates, states, quit, choose: (updates: Mode) => change({ updates }), last: () => last as UpdateState }
}

describe('what the person chose', () => {
  // No connection is made unasked.
  test('off: nothing is looked for, until they ask', async () => {
    const fetcher = updater()
    const { updates, states } = start('off', { updater: fetcher })
    await sleep(20)
    expect(fetcher.check).not.toHaveBeenCalled()
    await updates.check()
    expect(states).toEqual(['idle', 'checking', 'available'])
  })

  test('notify: it is told and not downloaded', async () => {
    const fetcher = updater()
    const { states } = start('notify', { updater: fetcher })
    await vi.waitUntil(() => states.includes('available'))
    await sleep(20)
    expect(fetcher.download).not.toHaveBeenCalled()
  })

  test('automatic: it is downloaded, and installed when they quit, without a restart', async () => {
    const fetcher = updater()
    const { updates, states } = start('automatic', { updater: fetcher })
    await vi.waitUntil(() => states.includes('ready'))
    expect(states).toEqual(['idle', 'checking', 'available', 'downloading', 'ready'])
    expect(updates.atEnd()).toBe('installed')
    expect(fetcher.install).toHaveBeenCalledWith({ restart: false })
  })

  // A password would be asked for by a program that is about to be gone.
  test('automatic, as a system package: nothing is installed without a click', async () => {
    const { updates, states } = start('automatic', { updater: updater({ silent: false }) })
    await vi.waitUntil(() => states.includes('ready'))
    expect(updates.atEnd()).toBe('nothing')
  })

  test('switched on later, it begins to look; switched off, it stops', async () => {
    const fetcher = updater({ check: vi.fn(async () => undefined) })
    const { choose, last } = start('off', { updater: fetcher, times: { first: 0, between: 5, patience: 1 } })
    choose('notify')
    await vi.waitUntil(() => fetcher.check.mock.calls.length > 2)
    expect(last()).toMatchObject({ state: 'idle', version: null })
    choose('off')
    const calls = fetcher.check.mock.calls.length
    await sleep(30)
    expect(fetcher.check.mock.calls.length).toBe(calls)
  })

  // It went on, once a day, for whoever had just said that Hearth shall ask nobody.
  test('switched off, or closed, while the server is asked, it asks no more', async () => {
    for (const end of ['off', 'close'] as const) {
      const answers: (() => void)[] = []
      const check = vi.fn(() => new Promise<undefined>(resolve => answers.push(() => resolve(undefined))))
      const { choose, updates } = start('notify', {
        updater: updater({ check }),
        times: { first: 0, between: 1, patience: 1 },
      })
      await vi.waitUntil(() => answers.length === 1)
      if (end === 'off') choose('off')
      else updates.close()
      answers[0]?.()
      await sleep(30)
      expect(check).toHaveBeenCalledTimes(1)
    }
  })
})

// An answer cut off by a restart is what this must never do.
test('waits for answers that are being written before it restarts', async () => {
  let answering = true
  const fetcher = updater()
  const { updates, states, quit } = start('notify', { updater: fetcher, busy: () => answering })
  await vi.waitUntil(() => states.includes('available'))
  await updates.download()
  updates.install()
  await sleep(20)
  expect([states.at(-1), quit.mock.calls.length]).toEqual(['waiting', 0])
  answering = false
  await vi.waitUntil(() => quit.mock.calls.length === 1)
  expect(updates.atEnd()).toBe('installed')
  expect(fetcher.install).toHaveBeenCalledWith({ restart: true })
})

describe('what goes wrong', () => {
  test('a server out of reach is told, and asked again', async () => {
    const check = vi.fn(async (): Promise<string | undefined> => {
      throw new Error('net::ERR_CONNECTION_REFUSED')
    })
    const { updates, last } = start('off', { updater: updater({ check }) })
    await updates.check()
    expect(last()).toMatchObject({ state: 'idle', problem: { code: 'update-failed' } })
    check.mockResolvedValueOnce('2.0.0')
    await updates.check()
    expect(last()).toMatchObject({ state: 'available', problem: null })
  })

  test('what is not what was announced is never installed', async () => {
    const refused = Object.assign(new Error('sha512 checksum mismatch'), { code: 'ERR_CHECKSUM_MISMATCH' })
    const fetcher = updater({ download: vi.fn(async () => Promise.reject(refused)) })
    const { updates, last, quit } = start('off', { updater: fetcher })
    await updates.check()
    await updates.download()
    expect(last()).toMatchObject({ state: 'available', problem: { code: 'update-not-genuine' } })
    updates.install()
    expect([quit.mock.calls.length, updates.atEnd()]).toEqual([0, 'nothing'])
  })

  test('an installer that fails is told, so that the app comes back', async () => {
    const { updates } = start('off', { updater: updater({ install: vi.fn(() => false) }) })
    await updates.check()
    await updates.download()
    updates.install()
    expect(updates.atEnd()).toBe('failed')
  })

  test('two clicks at once ask once', async () => {
    const fetcher = updater()
    const { updates } = start('off', { updater: fetcher })
    await Promise.all([updates.check(), updates.check()])
    await Promise.all([updates.download(), updates.download()])
    expect([fetcher.check.mock.calls.length, fetcher.download.mock.calls.length]).toEqual([1, 1])
  })

  test('a copy that does not update itself says so', async () => {
    const { updates, last } = start('automatic', { updater: undefined })
    expect(last().state).toBe('unavailable')
    await expect(updates.check()).rejects.toThrow('does not update itself')
    expect(updates.atEnd()).toBe('nothing')
  })
})
