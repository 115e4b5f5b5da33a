import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, describe, expect, it } from 'vitest'
import type { Engine, EngineExit, LoadHooks, LoadOptions } from '../../../main/engine/engine.ts'
import { Deferred } from '../../../main/inference/deferred.ts'
import type { LoadWish } from '../../../main/inference/load-wish.ts'
import { Scheduler, type SchedulerLimits } from '../../../main/inference/scheduler.ts'
import { Problem } from '../../../main/problem.ts'

/** Starts engines that only live and die: what the scheduler decides is seen in the order of starts and ends. */
class Yard {
  readonly log: string[] = []
  readonly engines = new Map<string, { die(): void; hang: boolean }>()
  /** Called before a start succeeds; may throw or wait. */
  gate: (options: LoadOptions, signal?: AbortSignal, onPlanned?: LoadHooks['onPlanned']) => void | Promise<void> =
    () => {}

  readonly start = async (options: LoadOptions, hooks?: LoadHooks): Promise<Engine> => {
    this.log.push(`start ${options.modelPath} ${options.contextSize}`)
    await this.gate(options, hooks?.signal, hooks?.onPlanned)
    hooks?.signal?.throwIfAborted()
    const exited = new Deferred<EngineExit>()
    const control = { die: () => exited.resolve({ code: 1, signal: null, log: '', expected: false }), hang: false }
    this.engines.set(options.modelPath, control)
    return {
      info: {
        contextSize: options.contextSize,
        ...(options.withProjector ? { media: { vision: true, audio: false } } : {}),
      } as Engine['info'],
      pid: 1,
      exited: exited.promise,
      ping: async () => {
        if (control.hang) throw new Error('no answer')
      },
      dispose: async () => {
        this.log.push(`end ${options.modelPath}`)
        exited.resolve({ code: 0, signal: null, log: '', expected: true })
      },
    } as unknown as Engine
  }
}

const limits: SchedulerLimits = { maxLoaded: 3, maxQueue: 4, defaultKeepAlive: 60_000 }

function wish(
  modelPath: string,
  extra: Partial<LoadWish> & { contextSize?: number; batchSize?: number } = {},
): LoadWish {
  const { contextSize = 4096, batchSize = 512, ...rest } = extra
  return {
    name: modelPath,
    exactContext: false,
    options: { modelPath, adapterPaths: [], contextSize, slots: 1, batchSize, gpuLayers: 0, threads: 0 },
    ...rest,
  }
}

let scheduler: Scheduler
afterEach(() => scheduler.dispose())

describe('scheduler', () => {
  it('loads a model once for two requests at once', async () => {
    const yard = new Yard()
    scheduler = new Scheduler(yard.start, limits)
    const [a, b] = await Promise.all([scheduler.acquire(wish('a')), scheduler.acquire(wish('a'))])
    expect(a.engine).toBe(b.engine)
    expect(yard.log).toEqual(['start a 4096'])
  })

  it('reloads when num_ctx is asked for and differs, keeps what is loaded when it is not', async () => {
    const yard = new Yard()
    scheduler = new Scheduler(yard.start, limits)
    ;(await scheduler.acquire(wish('a', { contextSize: 8192, exactContext: true }))).release()
    ;(await scheduler.acquire(wish('a'))).release()
    ;(await scheduler.acquire(wish('a', { contextSize: 2048, exactContext: true }))).release()
    expect(yard.log).toEqual(['start a 8192', 'end a', 'start a 2048'])
  })

  // A title that nobody waits for must cost no load, push no model out, and keep no question waiting.
  it('lends only what is loaded and idle to work that nobody waits for, which gives way', async () => {
    const yard = new Yard()
    scheduler = new Scheduler(yard.start, limits)
    const work = new AbortController()
    await expect(scheduler.acquireIdle(wish('a'), work)).rejects.toMatchObject({ code: 'busy' })
    const answering = await scheduler.acquire(wish('a'))
    await expect(scheduler.acquireIdle(wish('a'), work)).rejects.toMatchObject({ code: 'busy' })
    answering.release()
    await expect(
      scheduler.acquireIdle(wish('a', { contextSize: 8192, exactContext: true }), work),
    ).rejects.toMatchObject({ code: 'busy' })
    const lent = await scheduler.acquireIdle(wish('a'), work)
    expect(work.signal.aborted).toBe(false)
    ;(await scheduler.acquire(wish('a'))).release()
    expect(work.signal.aborted).toBe(true)
    lent.release()
    const later = new AbortController()
    ;(await scheduler.acquireIdle(wish('a'), later)).release()
    ;(await scheduler.acquire(wish('a'))).release()
    expect(later.signal.aborted).toBe(false)
    expect(yard.log).toEqual(['start a 4096'])
  })

  it('never ends a model in the middle of an answer to load it anew', async () => {
    const yard = new Yard()
    scheduler = new Scheduler(yard.start, limits)
    const answering = await scheduler.acquire(wish('a'))
    const reload = scheduler.acquire(wish('a', { batchSize: 64 }))
    await sleep(5)
    expect(yard.log).toEqual(['start a 4096'])
    answering.release()
    await reload
    expect(yard.log).toEqual(['start a 4096', 'end a', 'start a 4096'])
  })

  it('makes room by the shortest keep-alive, idle before busy', async () => {
    const yard = new Yard()
    scheduler = new Scheduler(yard.start, limits)
    const busy = await scheduler.acquire(wish('busy', { keepAlive: 1_000 }))
    ;(await scheduler.acquire(wish('long', { keepAlive: 90_000 }))).release()
    ;(await scheduler.acquire(wish('short', { keepAlive: 30_000 }))).release()
    await scheduler.acquire(wish('new'))
    expect(yard.log.at(-2)).toBe('end short')
    busy.release()
  })

  it('unloads after keep_alive, at once for 0, never for Infinity', async () => {
    const yard = new Yard()
    scheduler = new Scheduler(yard.start, limits)
    ;(await scheduler.acquire(wish('soon', { keepAlive: 20 }))).release()
    ;(await scheduler.acquire(wish('now', { keepAlive: 0 }))).release()
    ;(await scheduler.acquire(wish('ever', { keepAlive: Number.POSITIVE_INFINITY }))).release()
    await expect.poll(() => scheduler.loaded().map(loaded => loaded.name)).toEqual(['ever'])
    expect(scheduler.loaded()[0]!.expiresAt.getFullYear()).toBeGreaterThan(2300)
  })

  // Set right by the network after a start with a wrong clock: a model would hold its memory for as long as it is set back.
  it('unloads after keep_alive also when the clock is set back, and lists no later end', async () => {
    const yard = new Yard()
    let clock = 10_000_000
    scheduler = new Scheduler(yard.start, limits, { now: () => clock })
    ;(await scheduler.acquire(wish('a'))).release()
    clock = 1_000_000
    expect(scheduler.loaded()).toMatchObject([{ expiresAt: new Date(clock + limits.defaultKeepAlive) }])
    clock = 10_000_000
    ;(await scheduler.acquire(wish('a', { keepAlive: 20 }))).release()
    clock = 1_000_000
    await expect.poll(() => scheduler.loaded()).toEqual([])
  })

  it('keeps a keep_alive longer than 2^31 ms instead of unloading at once', async () => {
    const yard = new Yard()
    scheduler = new Scheduler(yard.start, limits)
    ;(await scheduler.acquire(wish('a', { keepAlive: 2 ** 33 }))).release()
    await sleep(20)
    expect(scheduler.loaded()).toHaveLength(1)
  })

  it('keeps the duration set before when a request names none', async () => {
    const yard = new Yard()
    scheduler = new Scheduler(yard.start, limits)
    ;(await scheduler.acquire(wish('a', { keepAlive: Number.POSITIVE_INFINITY }))).release()
    ;(await scheduler.acquire(wish('a'))).release()
    expect(scheduler.loaded()[0]!.expiresAt.getFullYear()).toBeGreaterThan(2300)
  })

  // One that was told to stay for ever would do so again with each context it is tried with.
  it('forgets the duration set before when other options load the model anew', async () => {
    const yard = new Yard()
    scheduler = new Scheduler(yard.start, limits, { now: () => 0 })
    const stay = () => scheduler.loaded().map(({ expiresAt }) => expiresAt.getTime())
    const exact = (contextSize: number, keepAlive?: number) => wish('a', { contextSize, exactContext: true, keepAlive })
    ;(await scheduler.acquire(exact(2048, 90_000))).release()
    ;(await scheduler.acquire(exact(2048))).release()
    expect(stay()).toEqual([90_000])
    ;(await scheduler.acquire(exact(4096))).release()
    expect(stay()).toEqual([limits.defaultKeepAlive])
    ;(await scheduler.acquire(exact(2048, 1_000))).release()
    expect(stay()).toEqual([1_000])
    expect(yard.log.filter(line => line.startsWith('start'))).toHaveLength(3)
  })

  it('refuses what exceeds the queue with 503 and serves the rest', async () => {
    const yard = new Yard()
    const open = new Deferred<void>()
    yard.gate = () => open.promise
    scheduler = new Scheduler(yard.start, limits)
    const waiting = Array.from({ length: 5 }, () => scheduler.acquire(wish('a')))
    await sleep(1)
    await expect(scheduler.acquire(wish('a'))).rejects.toMatchObject({ status: 503, code: 'busy' })
    open.resolve()
    expect(await Promise.all(waiting)).toHaveLength(5)
  })

  it('aborts a load nobody waits for any more, and goes on for those who do', async () => {
    const yard = new Yard()
    const open = new Deferred<void>()
    yard.gate = (_options, signal) =>
      Promise.race([
        open.promise,
        new Promise<void>((_, fail) => signal?.addEventListener('abort', () => fail(signal.reason))),
      ])
    scheduler = new Scheduler(yard.start, limits)
    const first = new AbortController()
    const second = new AbortController()
    const one = scheduler.acquire(wish('a'), { signal: first.signal })
    const two = scheduler.acquire(wish('a'), { signal: second.signal })
    await sleep(1)
    first.abort()
    await expect(one).rejects.toMatchObject({ name: 'AbortError' })
    open.resolve()
    expect((await two).engine).toBeDefined()
    expect(yard.log).toEqual(['start a 4096'])
  })

  it('aborts a load whose clients have gone, one after the other', async () => {
    const yard = new Yard()
    const begun = new Deferred<void>()
    yard.gate = async ({ modelPath }, signal) => {
      if (modelPath !== 'a') return
      begun.resolve()
      await new Promise<void>((_, fail) => signal?.addEventListener('abort', () => fail(signal.reason)))
    }
    scheduler = new Scheduler(yard.start, limits)
    const clients = [new AbortController(), new AbortController()]
    const leaving = clients.map(({ signal }) => scheduler.acquire(wish('a'), { signal }))
    await begun.promise
    const other = scheduler.acquire(wish('b'))
    for (const [index, client] of clients.entries()) {
      client.abort()
      await expect(leaving[index]).rejects.toMatchObject({ name: 'AbortError' })
    }
    expect((await other).engine).toBeDefined()
    expect(yard.log).toEqual(['start a 4096', 'start b 4096'])
  })

  it('loads a model anew after its engine died, without an error for the next request', async () => {
    const yard = new Yard()
    scheduler = new Scheduler(yard.start, limits)
    ;(await scheduler.acquire(wish('a'))).release()
    yard.engines.get('a')!.die()
    await sleep(1)
    expect(scheduler.loaded()).toEqual([])
    await scheduler.acquire(wish('a'))
    expect(yard.log).toEqual(['start a 4096', 'start a 4096'])
  })

  it('replaces an engine that hangs', async () => {
    const yard = new Yard()
    let clock = 0
    scheduler = new Scheduler(yard.start, limits, { now: () => clock })
    ;(await scheduler.acquire(wish('a'))).release()
    yard.engines.get('a')!.hang = true
    clock += 20_000
    await scheduler.acquire(wish('a'))
    expect(yard.log).toEqual(['start a 4096', 'end a', 'start a 4096'])
  })

  const short = new Problem('out-of-memory', 500, 'model requires more system memory')

  it('ends idle models one by one when memory is short, and lets the engine step down only when none is left', async () => {
    const yard = new Yard()
    scheduler = new Scheduler(yard.start, limits)
    ;(await scheduler.acquire(wish('b'))).release()
    ;(await scheduler.acquire(wish('a'))).release()
    yard.gate = options => {
      yard.log.push(`least ${options.leastContextSize}`)
      if (options.leastContextSize === undefined) throw short
    }
    await scheduler.acquire(wish('new', { contextSize: 16384 }))
    expect(yard.log.slice(2)).toEqual([
      ...['start new 16384', 'least undefined', 'end a'],
      ...['start new 16384', 'least undefined', 'end b'],
      ...['start new 16384', 'least 2048'],
    ])
  })

  it('stops making room as soon as a model fits', async () => {
    const yard = new Yard()
    scheduler = new Scheduler(yard.start, limits)
    ;(await scheduler.acquire(wish('b'))).release()
    ;(await scheduler.acquire(wish('a'))).release()
    yard.gate = () => {
      if (!yard.log.includes('end a')) throw short
    }
    await scheduler.acquire(wish('new'))
    expect(yard.log).not.toContain('end b')
  })

  it('waits for a busy model to end its answer before it takes its memory', async () => {
    const yard = new Yard()
    scheduler = new Scheduler(yard.start, limits)
    const answering = await scheduler.acquire(wish('busy'))
    yard.gate = options => {
      if (options.leastContextSize === undefined) throw short
    }
    const queued: string[] = []
    const next = scheduler.acquire(wish('new'), { onQueued: () => queued.push('new') })
    const last = scheduler.acquire(wish('last'), { onQueued: () => queued.push('last') })
    await sleep(5)
    expect(yard.log).not.toContain('end busy')
    // A person who waits is told for what.
    expect(queued.sort()).toEqual(['last', 'new'])
    answering.release()
    const { engine, release } = await next
    expect(engine).toBeDefined()
    release()
    await last
  })

  it('does not shorten a context the request named, and the next request is served', async () => {
    const yard = new Yard()
    scheduler = new Scheduler(yard.start, limits)
    yard.gate = ({ leastContextSize }) => {
      if (leastContextSize === 16384) throw short
    }
    await expect(scheduler.acquire(wish('a', { contextSize: 16384, exactContext: true }))).rejects.toBe(short)
    expect((await scheduler.acquire(wish('b'))).engine).toBeDefined()
  })

  it('holds what one request says of how long a model stays for all its engines, and for the next that is loaded', async () => {
    const yard = new Yard()
    scheduler = new Scheduler(yard.start, limits, { now: () => 0 })
    const text = wish('a')
    const vectors: LoadWish = { ...text, options: { ...text.options, embeddings: true } }
    const stay = () => scheduler.loaded().map(({ expiresAt }) => expiresAt.getTime())
    ;(await scheduler.acquire({ ...text, keepAlive: 1_000 })).release()
    ;(await scheduler.acquire(vectors)).release()
    expect(stay()).toEqual([1_000, 1_000])
    ;(await scheduler.acquire({ ...vectors, keepAlive: 2_000 })).release()
    expect(stay()).toEqual([2_000, 2_000])
    // Loaded anew for a picture, of which the client knows nothing.
    ;(await scheduler.acquire({ ...text, options: { ...text.options, withProjector: true } })).release()
    expect(stay()).toEqual([2_000, 2_000])
    ;(await scheduler.acquire({ ...text, keepAlive: 0 })).release()
    await expect.poll(stay).toEqual([])
    ;(await scheduler.acquire(text)).release()
    expect(stay()).toEqual([limits.defaultKeepAlive])
  })

  it('keeps a model loaded for text and for vectors at once: the two do not reload each other', async () => {
    const yard = new Yard()
    scheduler = new Scheduler(yard.start, { ...limits, maxLoaded: 1 })
    const text = wish('a')
    const vectors: LoadWish = { ...text, options: { ...text.options, embeddings: true } }
    for (const each of [text, vectors, text, vectors]) (await scheduler.acquire(each)).release()
    expect(yard.log).toEqual(['start a 4096', 'start a 4096'])
    scheduler.unload('a')
    await sleep(1)
    expect(scheduler.loaded()).toEqual([])
  })

  describe('with a model that sees', () => {
    const text = { ...wish('a'), options: { ...wish('a').options, projectorPath: '/p' } }
    const picture: LoadWish = { ...text, options: { ...text.options, withProjector: true } }

    const twice = ['start a 4096', 'end a', 'start a 4096']

    // Two clients, one with pictures and one without, would reload it at every turn.
    it('loads it anew for the first picture, and then for none', async () => {
      const yard = new Yard()
      scheduler = new Scheduler(yard.start, limits)
      for (const each of [text, text, picture, text, picture, text]) (await scheduler.acquire(each)).release()
      expect(yard.log).toEqual(twice)
      scheduler.unload('a')
      await sleep(1)
      const lease = await scheduler.acquire(text)
      expect(lease.engine.info.media).toBeUndefined()
      lease.release()
    })

    // It was several times slower at text for as long as it stayed loaded.
    it('loads it for text again when there was no picture for a minute', async () => {
      const yard = new Yard()
      let clock = 0
      scheduler = new Scheduler(yard.start, { ...limits, defaultKeepAlive: 1e9 }, { now: () => clock })
      ;(await scheduler.acquire(text)).release()
      const looking = await scheduler.acquire(picture)
      clock += 50_000
      looking.release()
      clock += 50_000
      ;(await scheduler.acquire(text)).release()
      expect(yard.log).toEqual(twice)
      clock += 20_000
      // A title that nobody waits for is not worth a load.
      ;(await scheduler.acquireIdle(text, new AbortController())).release()
      expect(yard.log).toEqual(twice)
      const lease = await scheduler.acquire(text)
      expect(lease.engine.info.media).toBeUndefined()
      lease.release()
      expect(yard.log).toEqual([...twice, 'end a', 'start a 4096'])
    })

    // On a slow computer one answer takes longer, and with a client for each it was loaded anew at every turn.
    it('leaves it be while it looks at a picture, however long that takes', async () => {
      const yard = new Yard()
      let clock = 0
      scheduler = new Scheduler(yard.start, { ...limits, defaultKeepAlive: 1e9 }, { now: () => clock })
      const looking = await scheduler.acquire(picture)
      clock += 100_000
      const lease = await scheduler.acquire(text, { onQueued: () => looking.release() })
      lease.release()
      looking.release()
      expect(yard.log).toEqual(['start a 4096'])
    })

    // A question to a model that was loaded waited for minutes, until another client had loaded another model.
    it('leaves it be while another model is loaded, which a load would have to wait for', async () => {
      const yard = new Yard()
      const [begun, open] = [new Deferred<void>(), new Deferred<void>()]
      yard.gate = ({ modelPath }) => {
        if (modelPath !== 'b') return
        begun.resolve()
        return open.promise
      }
      let clock = 0
      scheduler = new Scheduler(yard.start, { ...limits, defaultKeepAlive: 1e9 }, { now: () => clock })
      ;(await scheduler.acquire(picture)).release()
      clock += 100_000
      const other = scheduler.acquire(wish('b'))
      await begun.promise
      const lease = await scheduler.acquire(text, { onQueued: () => open.resolve() })
      expect(lease.engine.info.media).toBeDefined()
      lease.release()
      open.resolve()
      ;(await other).release()
      expect(yard.log).toEqual(['start a 4096', 'start b 4096'])
    })

    // The build for text does not know its architecture: every question after a minute would load it again.
    it('leaves it be where it sees because it runs nowhere else', async () => {
      const yard = new Yard()
      let clock = 0
      const seeing: typeof yard.start = (options, hooks) => yard.start({ ...options, withProjector: true }, hooks)
      scheduler = new Scheduler(seeing, { ...limits, defaultKeepAlive: 1e9 }, { now: () => clock })
      for (const each of [text, picture, text]) {
        ;(await scheduler.acquire(each)).release()
        clock += 100_000
      }
      expect(yard.log).toEqual(['start a 4096'])
    })

    // Who showed it waited for two loads, of which the first was for nobody.
    it('ends a load for text whose client has gone where only a picture is waited for', async () => {
      const yard = new Yard()
      const begun = new Deferred<void>()
      yard.gate = async ({ withProjector }, signal) => {
        if (withProjector) return
        begun.resolve()
        await new Promise<void>((_, fail) => signal?.addEventListener('abort', () => fail(signal.reason)))
      }
      scheduler = new Scheduler(yard.start, limits)
      const gone = new AbortController()
      const reading = scheduler.acquire(text, { signal: gone.signal })
      await begun.promise
      const waits = new Deferred<void>()
      const seeing = scheduler.acquire(picture, { onQueued: () => waits.resolve() })
      await waits.promise
      gone.abort()
      await expect(reading).rejects.toMatchObject({ name: 'AbortError' })
      expect((await seeing).engine.info.media).toBeDefined()
    })

    // It was loaded for a picture all the same, and all waited for that.
    it('stays as it is when the picture is given up before it had to leave', async () => {
      const yard = new Yard()
      scheduler = new Scheduler(yard.start, limits)
      const answering = await scheduler.acquire(text)
      const gone = new AbortController()
      const seeing = scheduler.acquire(picture, { signal: gone.signal })
      await sleep(1)
      const next = scheduler.acquire(text)
      await sleep(1)
      gone.abort()
      await expect(seeing).rejects.toMatchObject({ name: 'AbortError' })
      expect((await next).engine).toBe(answering.engine)
      expect(yard.log).toEqual(['start a 4096'])
    })
  })

  it('does not reload for num_gpu that a request leaves open', async () => {
    const yard = new Yard()
    scheduler = new Scheduler(yard.start, limits)
    const onCpu = wish('a')
    ;(await scheduler.acquire(onCpu)).release()
    ;(await scheduler.acquire({ ...onCpu, options: { ...onCpu.options, gpuLayers: 'auto' } })).release()
    expect(yard.log).toHaveLength(1)
    ;(await scheduler.acquire({ ...onCpu, options: { ...onCpu.options, gpuLayers: 7 } })).release()
    expect(yard.log).toHaveLength(3)
  })

  it('serves those who came for the model while it loaded before the next model in the queue', async () => {
    const yard = new Yard()
    const open = new Deferred<void>()
    yard.gate = () => open.promise
    scheduler = new Scheduler(yard.start, limits)
    const served: string[] = []
    const ask = async (model: string) => {
      const lease = await scheduler.acquire(wish(model))
      served.push(model)
      lease.release()
    }
    const all = ['a', 'b', 'a'].map(ask)
    await sleep(1)
    open.resolve()
    await Promise.all(all)
    expect(served).toEqual(['a', 'a', 'b'])
  })

  it('lists a model while it loads, with what is planned for it and its full keep-alive', async () => {
    const yard = new Yard()
    const open = new Deferred<void>()
    yard.gate = (_options, _signal, onPlanned) => {
      const shape = { contextSize: 1024, gpuLayers: 0 }
      onPlanned?.({ ...shape, asked: shape, ramBytes: 300, vramBytes: 20 })
      return open.promise
    }
    scheduler = new Scheduler(yard.start, limits, { now: () => 1_000_000 })
    const lease = scheduler.acquire(wish('a', { keepAlive: 5_000 }))
    await sleep(1)
    expect(scheduler.loaded()).toEqual([
      { name: 'a', modelPath: 'a', expiresAt: new Date(1_005_000), contextSize: 1024, ramBytes: 300, vramBytes: 20 },
    ])
    open.resolve()
    await lease
    expect(scheduler.loaded()).toHaveLength(1)
  })

  it('unloads a model that was told to go while it loaded, once its request is answered', async () => {
    const yard = new Yard()
    const open = new Deferred<void>()
    yard.gate = () => open.promise
    scheduler = new Scheduler(yard.start, limits)
    const acquired = scheduler.acquire(wish('a'))
    await sleep(1)
    scheduler.unload('a')
    open.resolve()
    const lease = await acquired
    await sleep(1)
    expect(scheduler.loaded()).toHaveLength(1)
    lease.release()
    await sleep(1)
    expect(scheduler.loaded()).toEqual([])
  })

  it('still unloads an idle model whose health check its client did not wait for', async () => {
    const yard = new Yard()
    let clock = 0
    scheduler = new Scheduler(yard.start, limits, { now: () => clock })
    ;(await scheduler.acquire(wish('a', { keepAlive: 30 }))).release()
    clock += 20_000
    const gone = new AbortController()
    const asking = scheduler.acquire(wish('a'), { signal: gone.signal })
    gone.abort()
    await expect(asking).rejects.toMatchObject({ name: 'AbortError' })
    clock += 60
    await expect.poll(() => scheduler.loaded()).toEqual([])
  })

  it('ends the load under way when it is disposed, and leaves nothing behind', async () => {
    const yard = new Yard()
    yard.gate = (_options, signal) =>
      new Promise((_, fail) => signal?.addEventListener('abort', () => fail(signal.reason)))
    scheduler = new Scheduler(yard.start, limits)
    const loading = scheduler.acquire(wish('a'))
    const queued = scheduler.acquire(wish('b'))
    await sleep(1)
    await scheduler.dispose()
    for (const refused of [loading, queued]) await expect(refused).rejects.toMatchObject({ status: 499 })
    expect(yard.engines.size).toBe(0)
  })

  it('lets other models load when the client of a waiting load has gone, and takes the busy model back', async () => {
    const yard = new Yard()
    scheduler = new Scheduler(yard.start, limits)
    const answering = await scheduler.acquire(wish('a'))
    const leaving = new AbortController()
    const reload = scheduler.acquire(wish('a', { batchSize: 64 }), { signal: leaving.signal })
    await sleep(5)
    leaving.abort()
    await expect(reload).rejects.toMatchObject({ name: 'AbortError' })
    await scheduler.acquire(wish('b'))
    // Still the same process: nobody wants its place any more.
    expect((await scheduler.acquire(wish('a'))).engine).toBe(answering.engine)
    expect(yard.log).toEqual(['start a 4096', 'start b 4096'])
  })

  it('replaces a hung engine although clients keep trying', async () => {
    const yard = new Yard()
    let clock = 0
    scheduler = new Scheduler(yard.start, limits, { now: () => clock })
    ;(await scheduler.acquire(wish('a'))).release()
    yard.engines.get('a')!.hang = true
    for (let retry = 0; retry < 2; retry++) {
      clock += 6_000
      ;(await scheduler.acquire(wish('a'))).release(false)
    }
    expect(yard.log).toEqual(['start a 4096', 'end a', 'start a 4096'])
  })
})
