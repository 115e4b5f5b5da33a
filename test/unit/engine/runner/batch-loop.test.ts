import { setImmediate } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import type { GenerateEvent, GenerateRequest } from '../../../../main/engine/engine.ts'
import { Answer } from '../../../../main/engine/runner/answer.ts'
import { BatchLoop } from '../../../../main/engine/runner/batch-loop.ts'
import type { NativeContext } from '../../../../main/engine/runner/llama-addon.ts'
import { Outbox } from '../../../../main/engine/runner/outbox.ts'
import type { Vocabulary } from '../../../../main/engine/runner/vocabulary.ts'

/** A context that draws the tokens 1 and 2 in turns for ever, or fails where the test says so. */
class ScriptedContext {
  /** Called with the name of each step; may throw. */
  fault: (step: string) => void = () => {}
  decodes = 0
  initBatch(): void {
    this.fault('initBatch')
  }
  addToBatch(): Uint32Array {
    return Uint32Array.of(0)
  }
  async decodeBatch(): Promise<void> {
    this.decodes++
    await setImmediate()
    this.fault('decodeBatch')
  }
  async sampleToken(): Promise<number> {
    return 1 + (this.decodes % 2)
  }
  disposeSequence(): void {}
  removeTokenCellsFromSequence(): boolean {
    this.fault('removeTokenCells')
    return true
  }
  shiftSequenceTokenCells(): void {
    this.fault('shift')
  }
  getSequenceKvCacheMinPosition(): number {
    return 0
  }
}

const vocabulary = {
  isEnd: () => false,
  isHidden: () => false,
  piece: (token: number) => Buffer.from(token === 1 ? 'x' : 'y'),
} as unknown as Vocabulary

function stage({ slots = 1, contextSize = 64 } = {}) {
  const context = new ScriptedContext()
  const loop = new BatchLoop(context as unknown as NativeContext, {
    ...{ slots, contextSize, batchSize: 32, cpu: undefined },
    memory: { window: undefined, shiftable: true },
  })
  const begin = (more: { maxTokens?: number; prompt?: number[]; unread?: boolean } = {}) => {
    const { maxTokens = 5, prompt = [7, 8, 9], unread = false } = more
    const request = { prompt, maxTokens, stop: [], keepTokens: 4, shift: true } as unknown as GenerateRequest
    const events: GenerateEvent[] = []
    let settle: (how: string) => void = () => {}
    const over = new Promise<string>(resolve => {
      settle = resolve
    })
    const outbox = new Outbox(
      message => {
        if (message.type === 'events') events.push(...message.events)
        if (!unread && message.type === 'events') outbox.taken(message.events.length)
      },
      1,
      full => {
        answer.paused = full
        if (!full) loop.wake()
      },
    )
    const parts = {
      ...{ vocabulary, logprobs: undefined, preserved: new Set<number>(), stopTokens: new Map() },
      ...{ sampler: { applyConfig() {}, dispose() {} }, mayEnd: () => false },
    }
    const answer = new Answer(prompt, request, parts, {
      onEvent: event => {
        outbox.add(event)
        if (event.type === 'end') settle(event.reason)
      },
      onFailure: error => settle((error as Error).message),
    })
    loop.add(answer)
    const cancel = () => {
      outbox.dispose()
      answer.cancelled = true
      loop.wake()
    }
    return { over, cancel, outbox, events }
  }
  return { context, loop, begin }
}

describe('the batch loop', () => {
  it.each([
    ['reading a prompt', 'decodeBatch'],
    ['filling a batch', 'initBatch'],
    ['going back in a cache, before there is a batch', 'removeTokenCells'],
  ])('fails the answer and serves the next when the engine breaks %s', async (_, step) => {
    const { context, begin } = stage()
    expect(await begin().over).toBe('length')
    context.fault = now => {
      if (now === step) throw new Error('broken')
    }
    expect(await begin({ prompt: [7, 1] }).over).toBe('an error was encountered while running the model: broken')
    context.fault = () => {}
    expect(await begin().over).toBe('length')
  })

  it('fails only the answers of the broken batch: one that waits for its reader goes on', async () => {
    const { context, begin } = stage({ slots: 2, contextSize: 4096 })
    const waiting = begin({ maxTokens: 400, unread: true })
    await expect.poll(() => waiting.events.length).toBe(256)
    context.fault = () => {
      throw new Error('broken')
    }
    expect(await begin().over).toContain('broken')
    context.fault = () => {}
    waiting.outbox.taken(256)
    expect(await waiting.over).toBe('length')
  })

  it('gives the slot of an answer that waits for its reader to the next when it is cancelled', async () => {
    const { begin } = stage({ contextSize: 4096 })
    const waiting = begin({ maxTokens: 1000, unread: true })
    await expect.poll(() => waiting.events.length).toBe(256)
    const next = begin()
    waiting.cancel()
    expect(await next.over).toBe('length')
  })

  it('stops computing when all were cancelled', async () => {
    const { context, begin } = stage()
    const answers = [begin({ maxTokens: 1e6 }), begin({ maxTokens: 1e6 })]
    await setImmediate()
    for (const { cancel } of answers) cancel()
    await expect
      .poll(async () => {
        const before = context.decodes
        for (let turn = 0; turn < 5; turn++) await setImmediate()
        return context.decodes - before
      })
      .toBe(0)
  })

  // Cancels and reads at every moment a message may arrive; nobody may be left without a word, nor a slot without an end.
  it.each(Array.from({ length: 20 }, (_, index) => index + 1))('leaves nobody waiting, order %i', async seed => {
    let state = seed * 2_654_435_761
    const random = (below: number) => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
      return Math.floor((state / 2 ** 32) * below)
    }
    const { context, begin } = stage({ slots: 1 + random(3), contextSize: 512 })
    context.fault = () => {
      if (random(200) === 0) throw new Error('broken')
    }
    const living: { over: Promise<unknown>; cancel(): void }[] = []
    const kept: Promise<unknown>[] = []
    for (let turn = 0; turn < 150; turn++) {
      if (random(3) === 0) {
        const answer = begin({
          maxTokens: 1 + random(40),
          prompt: Array.from({ length: 1 + random(60) }, () => random(9)),
        })
        if (random(2) === 0) living.push(answer)
        else kept.push(answer.over)
      }
      if (random(4) === 0) living.splice(random(living.length || 1), 1)[0]?.cancel()
      for (let wait = random(4); wait > 0; wait--) await setImmediate()
    }
    for (const { cancel } of living) cancel()
    await Promise.all(kept)
    context.fault = () => {}
    expect(await begin().over).toBe('length')
  })
})
