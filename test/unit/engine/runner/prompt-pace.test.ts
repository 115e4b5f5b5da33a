import { describe, expect, it } from 'vitest'
import { PromptPace } from '../../../../main/engine/runner/prompt-pace.ts'

describe('PromptPace', () => {
  it('reads whole batches while nobody else waits', () => {
    const pace = new PromptPace(512)
    pace.record(512, 10_000)
    expect(pace.limit(false)).toBe(512)
  })

  it('begins carefully beside others: a first batch of 512 could keep them waiting for half a minute', () => {
    expect(new PromptPace(512).limit(true)).toBe(64)
  })

  it('keeps pieces as short as others can wait, and no shorter than kernels are good at', () => {
    const pace = new PromptPace(512)
    pace.record(64, 20)
    expect(pace.limit(true)).toBe(320)
    pace.record(64, 6400)
    pace.record(64, 6400)
    pace.record(64, 6400)
    expect(pace.limit(true)).toBe(64)
  })

  it('does not take the speed of single tokens for that of prompts', () => {
    const pace = new PromptPace(512)
    pace.record(256, 80)
    pace.record(1, 100)
    expect(pace.limit(true)).toBe(320)
  })

  it('never asks for more than the batch holds, however small it is', () => {
    const pace = new PromptPace(16)
    for (const shared of [false, true]) expect(pace.limit(shared)).toBe(16)
  })
})
