import { describe, expect, it } from 'vitest'
import type { GenerateEvent } from '../../../../main/engine/engine.ts'
import { Answer } from '../../../../main/engine/runner/answer.ts'
import { BatchLoop } from '../../../../main/engine/runner/batch-loop.ts'

/** A context whose answers draw the tokens 1 and 2 in turns for ever, or that fails where the test says so. */
class ScriptedContext {
  /** Called with the name of each step; may throw. */
  fault: (step: string) => void = () => {}
  /** Whether another thread has the batch given up. */
  givesUp = () => false
  decodes = 0
  /** Milliseconds a batch takes, and those that have passed. */
  takes = 0.5
  now = 0
  /** Of each batch. */
  readonly threads: number[] = []
  setThreads(threads: number): void {
    this.threads.push(threads)
  }
  decode(): boolean {
    this.decodes++
    this.now += this.takes
    this.fault('decode')
    return !this.givesUp()
  }
  draw(): number | undefined {
    this.fault('draw')
    return 1 + (this.decodes % 2)
  }
  clear(): void {}
  remove(): boolean {
    this.fault('remove')
    return true
  }
  shift(): void {
    this.fault('shift')
  }
  firstPosition(): number {
    return 0
  }
  saveState(): Uint8Array {
    return new Uint8Array(1)
  }
  restoreState(): boolean {
    return true
  }
}

const vocabulary = {
  isEnd: () => false,
  isHidden: () => false,
  piece: (token: number) => Buffer.from(token === 1 ? 'x' : 'y'),
}

interface Beginning {
  maxTokens?: number
  prompt?: number[]
  unread?: boolean
  grammarDone?: boolean
  endsRepetition?: boolean
}

function stage({ slots = 1, contextSize = 64, threads = 0 } = {}) {
  const context = new ScriptedContext()
  /** Milliseconds the loop said the next batch may take. */
  const announced: number[] = []
  /** Answers whose prompts alone a batch read. */
  const read: number[][] = []
  const tuner = { begin: () => threads, end() {}, rest() {} }
  const loop = new BatchLoop(context, {
    slots,
    contextSize,
    batchSize: 32,
    tuners: threads > 0 ? { reading: tuner, drawing: tuner } : undefined,
    memory: { window: undefined, shiftable: true, recurrent: false },
    reading: { begin: ids => read.push([...ids]), end() {} },
    onBatch: milliseconds => announced.push(milliseconds),
    now: () => context.now,
  })
  let lastId = 0
  const begin = (more: Beginning = {}) => {
    const { maxTokens = 5, prompt = [7, 8, 9], unread = false, grammarDone = false, endsRepetition } = more
    const events: GenerateEvent[] = []
    const outcome: { how?: string } = {}
    const parts = {
      vocabulary,
      logprobs: undefined,
      preserved: new Set<number>(),
      stopTokens: new Map(),
      sampler: { draw: () => context.draw(), mayEnd: grammarDone, dispose() {} },
    }
    const wishes = { maxTokens, stop: [], keepTokens: 4, shift: true, endsRepetition, hasGrammar: grammarDone }
    const answer = new Answer(++lastId, prompt, wishes, parts, {
      onEvent: event => {
        events.push(event)
        if (!unread) answer.taken(1)
        if (event.type === 'end') outcome.how = event.reason
      },
      onFailure: error => {
        outcome.how = (error as Error).message
      },
    })
    loop.add(answer)
    const cancel = () => {
      answer.cancelled = true
    }
    return { answer, cancel, events, outcome }
  }
  /** Computes until nobody waits for anything, at most so many turns. */
  const run = (turns = 100_000) => {
    for (let turn = 0; turn < turns && loop.turn(); ) turn++
  }
  return { context, loop, begin, run, announced, read }
}

describe('the batch loop', () => {
  it.each([
    ['computing a batch', 'decode'],
    ['drawing a token', 'draw'],
    ['going back in a cache, before there is a batch', 'remove'],
  ])('fails the answer and serves the next when the engine breaks %s', (_, step) => {
    const { context, begin, run } = stage()
    const first = begin()
    run()
    expect(first.outcome.how).toBe('length')
    context.fault = now => {
      if (now === step) throw new Error('broken')
    }
    const second = begin({ prompt: [7, 1] })
    run()
    expect(second.outcome.how).toBe('an error was encountered while running the model: broken')
    context.fault = () => {}
    const third = begin()
    run()
    expect(third.outcome.how).toBe('length')
  })

  it('fails only the answers of the broken batch: one that waits for its reader goes on', () => {
    const { context, begin, run } = stage({ slots: 2, contextSize: 4096 })
    const waiting = begin({ maxTokens: 400, unread: true })
    run()
    expect(waiting.events.length).toBe(256)
    context.fault = () => {
      throw new Error('broken')
    }
    const failing = begin()
    run()
    expect(failing.outcome.how).toContain('broken')
    context.fault = () => {}
    waiting.answer.taken(256)
    run()
    expect(waiting.outcome.how).toBe('length')
  })

  it('fails only the answer for which no token can be drawn, not the others of its batch', () => {
    const { context, begin, run } = stage({ slots: 2 })
    const [first, second] = [begin({ maxTokens: 3 }), begin({ maxTokens: 3 })]
    let draws = 0
    context.fault = step => {
      if (step === 'draw' && ++draws === 1) throw new Error('broken')
    }
    run()
    expect([first.outcome.how, second.outcome.how]).toEqual([expect.stringContaining('broken'), 'length'])
  })

  it('ends an answer whose grammar is complete and leaves nothing to draw, and fails one whose is not', () => {
    const { context, begin, run } = stage({ slots: 2 })
    context.draw = () => undefined
    const [complete, stuck] = [begin({ grammarDone: true }), begin()]
    run()
    expect([complete.outcome.how, stuck.outcome.how]).toEqual(['stop', expect.stringContaining('no token')])
  })

  // A row of dashes or zeros that was asked for ended in the middle, as if the model had said all.
  it('ends an answer that repeats itself only where that is wished', () => {
    const { context, begin, run } = stage({ slots: 2 })
    context.draw = () => 1
    const [ended, whole] = [begin({ maxTokens: 50, endsRepetition: true }), begin({ maxTokens: 50 })]
    run()
    expect([ended.outcome.how, whole.outcome.how]).toEqual(['stop', 'length'])
  })

  it('tells how much of a prompt is read between its batches, in growing fractions, and nothing of a short one', () => {
    const { context, begin, run } = stage({ contextSize: 4096 })
    const prompt = Array.from({ length: 128 }, (_, index) => 3 + index)
    const told = (events: readonly GenerateEvent[]) =>
      events.flatMap(event => (event.type === 'reading' ? event.fraction : []))
    let decodes = 0
    // One batch is given up, and read again.
    context.givesUp = () => ++decodes === 3
    const long = begin({ prompt, maxTokens: 1 })
    run()
    expect(told(long.events)).toEqual([0.25, 0.5, 0.75])
    const short = begin({ prompt: [1, 2, 3], maxTokens: 1 })
    run()
    expect(told(short.events)).toEqual([])
    // What the cache holds is not read: it is no part of what is told.
    const again = begin({ prompt: [...prompt, ...prompt.map(token => token + 200)], maxTokens: 1 })
    run()
    expect(told(again.events).length).toBeGreaterThan(0)
  })

  it('gives the slot of an answer that waits for its reader to the next when it is cancelled', () => {
    const { begin, run } = stage({ contextSize: 4096 })
    const waiting = begin({ maxTokens: 1000, unread: true })
    run()
    expect(waiting.events.length).toBe(256)
    const next = begin()
    run()
    expect(next.outcome.how).toBeUndefined()
    waiting.cancel()
    run()
    expect(next.outcome.how).toBe('length')
  })

  it('stops computing when all were cancelled', () => {
    const { context, loop, begin, run } = stage()
    const answers = [begin({ maxTokens: 1e6 }), begin({ maxTokens: 1e6 })]
    run(10)
    for (const { cancel } of answers) cancel()
    const before = context.decodes
    expect(loop.turn()).toBe(false)
    expect(context.decodes).toBe(before)
  })

  it('says before a batch that reads a prompt that it may take long: what was drawn must not wait for it', () => {
    const { begin, run, announced } = stage({ slots: 2 })
    begin({ maxTokens: 20, prompt: [1] })
    run(5)
    expect(announced).not.toContain(Number.POSITIVE_INFINITY)
    begin({ prompt: [7, 8, 9] })
    run(1)
    expect(announced.at(-1)).toBe(Number.POSITIVE_INFINITY)
  })

  it('wakes no other thread for a short prompt alone, once it is known how soon that is read', () => {
    const { begin, run, context } = stage({ slots: 2, threads: 2 })
    context.takes = 3
    begin({ maxTokens: 3 })
    run()
    expect(context.threads.splice(0)).toEqual([2, 2, 2])
    begin({ maxTokens: 3 })
    run(2)
    expect(context.threads.splice(0)).toEqual([1, 2])
    begin({ maxTokens: 1 })
    run(1)
    expect(context.threads).toEqual([2])
  })

  // The second turn of a long chat took the tiny model twice as long on one core.
  it('wakes them for a short piece behind a long chat', () => {
    const { begin, run, context } = stage({ contextSize: 1024, threads: 2 })
    const chat = Array.from({ length: 300 }, (_, index) => 10 + index)
    begin({ prompt: chat, maxTokens: 3 })
    run()
    context.threads.splice(0)
    begin({ prompt: [...chat, 7, 8, 9], maxTokens: 1 })
    run(1)
    expect(context.threads).toEqual([2])
  })

  it('lets a batch be given up that does nothing but read prompts, none that others have a part in', () => {
    const { begin, run, read } = stage({ slots: 2 })
    begin({ maxTokens: 20 })
    run(2)
    begin()
    run(1)
    expect(read).toEqual([[1], [], []])
  })

  it('reads once more what a batch that was given up should have read', () => {
    const { context, begin, run } = stage()
    const removed: unknown[][] = []
    context.remove = (...positions: unknown[]) => removed.push(positions) > 0
    context.givesUp = () => context.decodes === 1
    const { outcome } = begin()
    run()
    expect(removed).toEqual([[0, 0, -1]])
    expect(outcome.how).toBe('length')
    expect(context.decodes).toBe(1 + 5)
  })

  // A cancellation may raise the flag when its batch has ended, and the next one goes on with somebody else's answer.
  it('goes on with an answer whose next token was given up with a batch', () => {
    const { context, begin, run } = stage()
    context.givesUp = () => context.decodes === 3
    const { outcome, events } = begin()
    run()
    expect(outcome.how).toBe('length')
    expect(events.at(-1)).toMatchObject({ type: 'end', counts: { outputTokens: 5 } })
  })

  // Cancels and reads at every moment a message may arrive; nobody may be left without a word, nor a slot without an
  // end.
  it.each(Array.from({ length: 20 }, (_, index) => index + 1))('leaves nobody waiting, order %i', seed => {
    let state = seed * 2_654_435_761
    const random = (below: number) => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
      return Math.floor((state / 2 ** 32) * below)
    }
    const { context, begin, run } = stage({ slots: 1 + random(3), contextSize: 512 })
    context.fault = () => {
      if (random(200) === 0) throw new Error('broken')
    }
    const living: ReturnType<typeof begin>[] = []
    const kept: ReturnType<typeof begin>[] = []
    for (let turn = 0; turn < 150; turn++) {
      if (random(3) === 0) {
        const answer = begin({
          maxTokens: 1 + random(40),
          prompt: Array.from({ length: 1 + random(60) }, () => random(9)),
        })
        ;(random(2) === 0 ? living : kept).push(answer)
      }
      if (random(4) === 0) living.splice(random(living.length || 1), 1)[0]?.cancel()
      run(random(4))
    }
    for (const { cancel } of living) cancel()
    run()
    expect(kept.filter(({ outcome }) => outcome.how === undefined)).toEqual([])
    context.fault = () => {}
    const last = begin()
    run()
    expect(last.outcome.how).toBe('length')
  })
})
