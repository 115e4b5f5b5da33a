import { describe, expect, it } from 'vitest'
import type { EngineProcess, LoadOptions, LoadShape, ModelInfo } from '../../../main/engine/engine.ts'
import { type FromEngine, protocolVersion, type ToEngine } from '../../../main/engine/protocol.ts'
import { createEngineStarter } from '../../../main/engine/start-engine.ts'

type Answer = (message: ToEngine, process: ScriptedProcess) => void

/** A process that says what the test tells it to say. */
class ScriptedProcess implements EngineProcess {
  /** Beyond every system's last: what this machine's processes are limited to is nothing to these tests. */
  readonly pid = 2 ** 31 - 1
  readonly received: ToEngine[] = []
  killed = false
  readonly #answer: Answer
  #listener: (message: unknown) => void = () => {}
  #onExit: Parameters<EngineProcess['onExit']>[0] = () => {}
  #ended = false

  constructor(answer: Answer) {
    this.#answer = answer
  }
  send(message: unknown): void {
    this.received.push(message as ToEngine)
    queueMicrotask(() => this.#answer(message as ToEngine, this))
  }
  onMessage(listener: (message: unknown) => void): void {
    this.#listener = listener
  }
  onExit(listener: Parameters<EngineProcess['onExit']>[0]): void {
    this.#onExit = listener
  }
  kill(): void {
    this.killed = true
    this.end({ code: null, signal: 'SIGKILL' })
  }
  say(message: FromEngine): void {
    this.#listener(message)
  }
  end(exit: { code: number | null; signal: string | null; log?: string }): void {
    if (this.#ended) return
    this.#ended = true
    this.#onExit({ log: '', ...exit })
  }
}

const options: LoadOptions = {
  modelPath: '/model',
  adapterPaths: [],
  contextSize: 2048,
  slots: 1,
  batchSize: 512,
  gpuLayers: 'auto',
  threads: 0,
}
const info = { architecture: 'llama' } as ModelInfo

/** Starts with one script for each process in turn. */
function start(
  scripts: readonly Answer[],
  wish = options,
  hooks?: Parameters<ReturnType<typeof createEngineStarter>>[1],
  patience?: Parameters<typeof createEngineStarter>[1],
) {
  const processes: ScriptedProcess[] = []
  const starter = createEngineStarter(() => {
    const next = new ScriptedProcess(scripts[processes.length]!)
    processes.push(next)
    return next
  }, patience)
  return { engine: starter(wish, hooks), processes }
}

const loads: Answer = (message, process) => {
  if (message.type === 'load') process.say({ type: 'done', id: message.id, value: info })
  if (message.type === 'exit') process.end({ code: 0, signal: null })
}
const crashes =
  (exit: { code: number | null; signal: string | null; log?: string }): Answer =>
  (_, process) =>
    process.end(exit)

describe('createEngineStarter', () => {
  it('loads with its own version of the protocol and reports progress', async () => {
    const progress: number[] = []
    const script: Answer = (message, process) => {
      if (message.type === 'load') process.say({ type: 'progress', id: message.id, fraction: 0.5 })
      loads(message, process)
    }
    const { engine, processes } = start([script], options, { onProgress: fraction => progress.push(fraction) })
    expect((await engine).info).toEqual(info)
    expect(processes[0]!.received[0]).toMatchObject({ type: 'load', version: protocolVersion, options })
    expect(progress).toEqual([0.5])
  })

  it('tries once more without the GPU when the process dies loading: its driver may be the reason', async () => {
    const { engine, processes } = start([crashes({ code: null, signal: 'SIGSEGV' }), loads])
    expect((await engine).info).toEqual(info)
    expect(processes[1]!.received[0]).toMatchObject({ options: { gpuLayers: 0 } })
  })

  it('does not try again what already ran without a GPU', async () => {
    const { engine, processes } = start([crashes({ code: null, signal: 'SIGSEGV' })], { ...options, gpuLayers: 0 })
    await expect(engine).rejects.toMatchObject({ code: 'engine-crashed', details: expect.stringContaining('SIGSEGV') })
    expect(processes).toHaveLength(1)
  })

  it.each([
    ['killed by the system', { code: null, signal: 'SIGKILL' }, 'out-of-memory'],
    ['ended by V8', { code: null, signal: 'SIGTRAP', log: '# Fatal process out of memory: Zone' }, 'out-of-memory'],
    ['ended by C++', { code: null, signal: 'SIGABRT', log: "terminate called … 'std::bad_alloc'" }, 'out-of-memory'],
    ['killed by the system under Electron', { code: 9, signal: null }, 'out-of-memory'],
    [
      'ended by an assertion about the file',
      { code: 6, signal: null, log: '/x/llama-model.cpp:1260: GGML_ASSERT(n_layer > 0) failed' },
      'broken-model-file',
    ],
  ])('says why a load was %s, without a second try', async (_, exit, code) => {
    const { engine, processes } = start([crashes(exit)])
    await expect(engine).rejects.toMatchObject({ code, status: 500 })
    expect(processes).toHaveLength(1)
  })

  it("hands on the engine's own Problem and ends the process", async () => {
    const problem = { code: 'out-of-memory', status: 500, message: 'too big', details: 'log' } as const
    const refuses: Answer = (message, process) => {
      if (message.type === 'load') process.say({ type: 'failed', id: message.id, problem })
    }
    const { engine, processes } = start([refuses])
    await expect(engine).rejects.toMatchObject({ name: 'Problem', ...problem })
    expect(processes[0]!.killed).toBe(true)
  })

  // A model of tomorrow that only the binding for projectors knows would not answer at all.
  it('runs a model that the build for text does not know in the other, if it has a projector', async () => {
    const problem = { code: 'unsupported-architecture', status: 500, message: 'unknown', details: '' } as const
    const refuses: Answer = (message, process) => {
      if (message.type === 'load') process.say({ type: 'failed', id: message.id, problem })
    }
    const seeing = { ...options, projectorPath: '/projector' }
    const { engine, processes } = start([refuses, loads], seeing)
    expect((await engine).info).toEqual(info)
    expect(processes[1]!.received[0]).toMatchObject({ options: { ...seeing, withProjector: true } })

    const unknown = start([refuses, refuses], seeing)
    await expect(unknown.engine).rejects.toMatchObject(problem)
    const textAlone = start([refuses])
    await expect(textAlone.engine).rejects.toMatchObject(problem)
    expect([unknown.processes.length, textAlone.processes.length]).toEqual([2, 1])
  })

  it('kills the process when the load is aborted', async () => {
    const abort = new AbortController()
    const { engine, processes } = start([() => abort.abort()], options, { signal: abort.signal })
    await expect(engine).rejects.toMatchObject({ name: 'AbortError' })
    expect(processes[0]!.killed).toBe(true)
    expect(processes).toHaveLength(1)
  })

  it('asks the process to end, and waits until it has', async () => {
    const { engine, processes } = start([loads])
    await (await engine).dispose()
    expect(processes[0]!.received.at(-1)).toEqual({ type: 'exit' })
    expect(await (await engine).exited).toMatchObject({ code: 0, expected: true })
    expect(processes[0]!.killed).toBe(false)
  })

  it('kills a process whose load makes no progress, once and for all', async () => {
    const stalls: Answer = (message, process) => {
      if (message.type === 'load') process.say({ type: 'progress', id: message.id, fraction: 0.25 })
    }
    const { engine, processes } = start([stalls], options, {}, { stallTimeout: 50 })
    await expect(engine).rejects.toMatchObject({
      name: 'Problem',
      status: 500,
      message: 'timed out waiting for llama-server to start - progress 0.25',
    })
    expect(processes).toHaveLength(1)
    expect(processes[0]!.killed).toBe(true)
  })

  it('lets a load take its time while it makes progress', async () => {
    const slow: Answer = (message, process) => {
      if (message.type !== 'load') return
      let steps = 0
      const timer = setInterval(() => {
        process.say({ type: 'progress', id: message.id, fraction: ++steps / 10 })
        if (steps < 10) return
        clearInterval(timer)
        loads(message, process)
      }, 50)
    }
    const { engine } = start([slow], options, {}, { stallTimeout: 400 })
    expect((await engine).info).toEqual(info)
  })

  // On macOS and Windows timers go on while the computer sleeps: what was due meanwhile comes before anything else.
  it('does not take the sleep of the computer for a load that stands still', async () => {
    const asleep = new Int32Array(new SharedArrayBuffer(4))
    const sleeps: Answer = (message, process) => {
      if (message.type !== 'load') return
      setImmediate(() => {
        Atomics.wait(asleep, 0, 0, 600)
        setImmediate(() => loads(message, process))
      })
    }
    const { engine, processes } = start([sleeps], options, {}, { stallTimeout: 300 })
    expect((await engine).info).toEqual(info)
    expect(processes).toHaveLength(1)
  })

  it.each([Number.POSITIVE_INFINITY, 2 ** 31])('waits for ever when told to wait %d ms', async stallTimeout => {
    const late: Answer = (message, process) => void setTimeout(() => loads(message, process), 100)
    const { engine } = start([late], options, {}, { stallTimeout })
    expect((await engine).info).toEqual(info)
  })

  describe('with memory that turns out to be less than the engine thought', () => {
    const steppingDown = { ...options, contextSize: 16_384, leastContextSize: 2048 }
    const problem = { code: 'out-of-memory', status: 500, message: 'unable to load model: not enough memory' } as const

    /** Plans as wished, with all of 8 layers on the GPU unless told otherwise, and has memory for what `holds` says. */
    const engineThat =
      (holds: (shape: LoadShape) => boolean): Answer =>
      (message, process) => {
        if (message.type !== 'load') return loads(message, process)
        const { contextSize, gpuLayers } = message.options
        const shape = { contextSize: contextSize as number, gpuLayers: gpuLayers === 'auto' ? 8 : gpuLayers }
        const plan = { ...shape, asked: shape, ramBytes: 1, vramBytes: 1 }
        process.say({ type: 'planned', id: message.id, plan })
        if (holds(shape)) process.say({ type: 'done', id: message.id, value: info })
        else process.say({ type: 'failed', id: message.id, problem: { ...problem, details: '' } })
      }
    const tried = (processes: readonly ScriptedProcess[]) =>
      processes.map(({ received }) => {
        const [load] = received
        return load?.type === 'load' ? [load.options.gpuLayers, load.options.contextSize] : []
      })

    it('gives up the GPU first, then halves the context, and says what it gave up', async () => {
      const holds = ({ contextSize, gpuLayers }: LoadShape) => gpuLayers === 0 && contextSize <= 4096
      const { engine, processes } = start(Array(4).fill(engineThat(holds)), steppingDown)
      expect((await engine).steppedDown).toEqual({
        asked: { contextSize: 16_384, gpuLayers: 8 },
        given: { contextSize: 4096, gpuLayers: 0 },
      })
      expect(tried(processes)).toEqual([
        ['auto', 16_384],
        [0, 16_384],
        [0, 8192],
        [0, 4096],
      ])
    })

    it('goes the same way when the system kills the engine, which leaves no words', async () => {
      const killed: Answer = (message, process) => {
        if (message.type !== 'load') return
        const shape = { contextSize: 16_384, gpuLayers: 0 }
        process.say({ type: 'planned', id: message.id, plan: { ...shape, asked: shape, ramBytes: 1, vramBytes: 0 } })
        process.end({ code: null, signal: 'SIGKILL' })
      }
      const { engine } = start([killed, engineThat(() => true)], { ...steppingDown, gpuLayers: 0 })
      expect((await engine).steppedDown?.given.contextSize).toBe(8192)
    })

    it('ends at the least that was asked for, with the reason', async () => {
      const { engine, processes } = start(Array(9).fill(engineThat(() => false)), steppingDown)
      await expect(engine).rejects.toMatchObject(problem)
      expect(tried(processes).at(-1)).toEqual([0, 2048])
    })

    it('gives nothing up that was not offered', async () => {
      const { engine, processes } = start([engineThat(() => false)], { ...options, contextSize: 16_384 })
      await expect(engine).rejects.toMatchObject(problem)
      expect(processes).toHaveLength(1)
    })

    it('says nothing of stepping down where all is as asked', async () => {
      const { engine } = start([engineThat(() => true)], steppingDown)
      expect((await engine).steppedDown).toBeUndefined()
    })
  })
})
